import { expect } from 'chai';
import { type Fixture, READER, refusalOf, startFixture } from './github-fixture';

type Board = {
  id: string;
  fields: { nodes: { id: string; name: string; options?: { id: string; name: string }[] }[] };
  items: {
    nodes: { id: string; isArchived: boolean; status: { name: string } | null; spec: { text: string } | null }[];
  };
};

const READ = `query { organization(login: "acme") { projectV2(number: 7) { id
  fields(first: 50) { nodes { ... on ProjectV2FieldCommon { id name } ... on ProjectV2SingleSelectField { options { id name } } } }
  items(first: 50) { nodes { id isArchived
    status: fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name } }
    spec: fieldValueByName(name: "Spec") { ... on ProjectV2ItemFieldTextValue { text } } } } } } }`;

const UPDATE = `mutation($projectId: ID!, $itemId: ID!, $fieldId: ID!, $value: ProjectV2FieldValue!) {
  updateProjectV2ItemFieldValue(input: { projectId: $projectId, itemId: $itemId, fieldId: $fieldId, value: $value, clientMutationId: "m1" }) {
    clientMutationId
    projectV2Item { id status: fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name } } } } }`;

const CLEAR = `mutation($projectId: ID!, $itemId: ID!, $fieldId: ID!) {
  clearProjectV2ItemFieldValue(input: { projectId: $projectId, itemId: $itemId, fieldId: $fieldId }) { projectV2Item { id } } }`;

describe('writing to the board of the local GitHub', () => {
  let fixture: Fixture;
  const now = { value: new Date('2026-11-01T10:00:00.123Z') };

  beforeEach(async () => {
    fixture = await startFixture({ clock: () => now.value });
  });
  afterEach(() => fixture.close());

  const readBoard = async (): Promise<Board> =>
    (await fixture.api<{ organization: { projectV2: Board } }>(READ)).organization.projectV2;

  const target = async (field: string, index = 0) => {
    const board = await readBoard();
    const found = board.fields.nodes.find(({ name }) => name === field);
    const option = (name: string) => found?.options?.find((candidate) => candidate.name === name)?.id ?? '';
    return { projectId: board.id, itemId: board.items.nodes[index]?.id ?? '', fieldId: found?.id ?? '', option };
  };

  it('changes a single select, a text, a number and a date, and clears them', async () => {
    const { option, ...status } = await target('Status');
    now.value = new Date('2026-11-01T11:00:00Z');
    const answer = await fixture.api<{ updateProjectV2ItemFieldValue: unknown }>(UPDATE, {
      ...status,
      value: { singleSelectOptionId: option('In progress') },
    });
    expect(answer.updateProjectV2ItemFieldValue).to.deep.equal({
      clientMutationId: 'm1',
      projectV2Item: { id: status.itemId, status: { name: 'In progress' } },
    });
    const { option: _none, ...spec } = await target('Spec');
    await fixture.api(UPDATE, { ...spec, value: { text: 'elsewhere' } });
    const { option: _noOption, ...points } = await target('Story points');
    await fixture.api(UPDATE, { ...points, value: { number: 0 } });
    const { option: _neither, ...due } = await target('Due');
    await fixture.api(UPDATE, { ...due, value: { date: '2027-01-01' } });
    const [item] = (await readBoard()).items.nodes;
    expect(item).to.deep.include({ status: { name: 'In progress' }, spec: { text: 'elsewhere' } });
    expect(fixture.github.model.find(status.itemId, 'ProjectV2Item')?.updatedAt).to.equal('2026-11-01T11:00:00Z');
    expect(fixture.github.model.find(status.itemId, 'ProjectV2Item')?.values[points.fieldId]).to.equal(0);
    await fixture.api(CLEAR, status);
    expect((await readBoard()).items.nodes[0]?.status).to.equal(null);
  });

  it('carries out several aliased writes of one request', async () => {
    const first = await target('Status', 0);
    const second = await target('Status', 1);
    await fixture.api(
      `mutation($p: ID!, $f: ID!, $a: ID!, $b: ID!, $v: ProjectV2FieldValue!) {
        a: updateProjectV2ItemFieldValue(input: { projectId: $p, itemId: $a, fieldId: $f, value: $v }) { clientMutationId }
        b: updateProjectV2ItemFieldValue(input: { projectId: $p, itemId: $b, fieldId: $f, value: $v }) { clientMutationId } }`,
      {
        p: first.projectId,
        f: first.fieldId,
        a: first.itemId,
        b: second.itemId,
        v: { singleSelectOptionId: first.option('In progress') },
      },
    );
    const names = (await readBoard()).items.nodes.map(({ status }) => status?.name);
    expect(names.slice(0, 2)).to.deep.equal(['In progress', 'In progress']);
  });

  it('refuses what GitHub refuses', async () => {
    const { option: _option, ...status } = await target('Status');
    const spec = await target('Spec');
    const title = await target('Title');
    const archived = await target('Status', 4);
    const refuse = (variables: Record<string, unknown>) => refusalOf(fixture.api(UPDATE, { ...status, ...variables }));
    const ready = { singleSelectOptionId: 'ffffffff' };
    expect(await refuse({ value: ready })).to.equal(
      'UNPROCESSABLE: The single select option Id does not belong to the field',
    );
    expect(await refuse({ value: { text: 'Ready' } })).to.match(
      /^UNPROCESSABLE: Did not receive a single_select value/,
    );
    expect(await refuse({ fieldId: spec.fieldId, value: { number: 1 } })).to.match(
      /^UNPROCESSABLE: .* field of type text/,
    );
    expect(await refuse({ fieldId: title.fieldId, value: { text: 'x' } })).to.match(/^UNPROCESSABLE/);
    expect(await refuse({ itemId: archived.itemId, value: ready })).to.match(/^UNPROCESSABLE: The item is archived/);
    for (const wrong of ['projectId', 'itemId', 'fieldId']) {
      expect(await refuse({ [wrong]: 'PVT_wrong', value: ready })).to.equal(
        "NOT_FOUND: Could not resolve to a node with the global id of 'PVT_wrong'.",
      );
    }
    const reader = fixture.apiOf(READER);
    expect(await refusalOf(reader(CLEAR, status))).to.equal(
      'FORBIDDEN: Resource not accessible by personal access token',
    );
    expect((await readBoard()).items.nodes[0]?.status).to.deep.equal({ name: 'Ready' });
  });

  it('acknowledges a write that never becomes visible when told to', async () => {
    const { option, ...status } = await target('Status');
    fixture.github.faults.add({ kind: 'unseen-write', operation: 'updateProjectV2ItemFieldValue' });
    const write = () =>
      fixture.api<{ updateProjectV2ItemFieldValue: { projectV2Item: { status: unknown } } }>(UPDATE, {
        ...status,
        value: { singleSelectOptionId: option('Done') },
      });
    expect((await write()).updateProjectV2ItemFieldValue.projectV2Item.status).to.deep.equal({ name: 'Done' });
    expect((await readBoard()).items.nodes[0]?.status).to.deep.equal({ name: 'Ready' });
    await write();
    expect((await readBoard()).items.nodes[0]?.status).to.deep.equal({ name: 'Done' });
  });
});
