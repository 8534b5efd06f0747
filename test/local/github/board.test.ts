import { expect } from 'chai';
import type { GitHubSeed } from '../../../local/github/seed';
import { type Fixture, failureOf, refusalOf, startFixture } from './github-fixture';

type Item = { id: string; type: string; isArchived: boolean; content: Record<string, unknown> | null; status: unknown };
type Page = {
  node: {
    items: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly Item[] };
  };
};

const ITEMS = `query($id: ID!, $first: Int, $after: String, $q: String, $archived: [ProjectV2ItemArchivedState!], $direction: OrderDirection = ASC) {
  rateLimit { cost remaining resetAt nodeCount }
  node(id: $id) { ... on ProjectV2 {
    items(first: $first, after: $after, query: $q, archivedStates: $archived, orderBy: { field: POSITION, direction: $direction }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id type isArchived createdAt updatedAt
        status: fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name optionId } }
        content { __typename ... on Issue { number title state repository { nameWithOwner } } ... on DraftIssue { title } } } } } } }`;

const many = (bare: string, owner: string, count: number): GitHubSeed => ({
  owners: [{ login: owner, kind: 'user' }],
  repositories: [
    {
      nameWithOwner: `${owner}/many`,
      path: bare,
      issues: Array.from({ length: count }, (_, index) => ({ number: index + 1, title: `Issue ${index + 1}` })),
    },
  ],
  boards: [
    {
      owner,
      number: 1,
      title: 'Many',
      fields: [{ name: 'Status', type: 'single-select', options: ['Ready', 'Done'] }],
      items: Array.from({ length: count }, (_, index) => ({
        type: 'issue' as const,
        repository: `${owner}/many`,
        number: index + 1,
        values: { Status: index % 10 === 0 ? 'Ready' : 'Done' },
      })),
    },
  ],
});

describe('the board of the local GitHub', () => {
  let fixture: Fixture;
  let board: string;

  before(async () => {
    fixture = await startFixture();
    const found = await fixture.api<{ organization: { projectV2: { id: string } } }>(
      'query { organization(login: "acme") { projectV2(number: 7) { id } } }',
    );
    board = found.organization.projectV2.id;
  });
  after(() => fixture.close());

  const titles = async (q: string, more: Record<string, unknown> = {}): Promise<readonly unknown[]> => {
    const { node } = await fixture.api<Page>(ITEMS, { id: board, first: 100, q, ...more });
    expect(node.items.totalCount).to.equal(node.items.nodes.length);
    return node.items.nodes.map(({ content }) => content?.title ?? null);
  };

  it('gives its fields with their options', async () => {
    const { node } = await fixture.api<{ node: { fields: { nodes: unknown[] }; url: string; owner: unknown } }>(
      `query($id: ID!) { node(id: $id) { ... on ProjectV2 { url owner { ... on Organization { login } }
        status: field(name: "status") { ... on ProjectV2SingleSelectField { name } }
        fields(first: 100) { nodes { __typename
          ... on ProjectV2FieldCommon { name dataType project { number } }
          ... on ProjectV2SingleSelectField { options { id name color } } } } } } }`,
      { id: board },
    );
    expect(node.owner).to.deep.equal({ login: 'acme' });
    expect(node.url).to.equal(`${fixture.github.serverUrl}/orgs/acme/projects/7`);
    expect(node.fields.nodes.map((field) => (field as { dataType: string }).dataType)).to.deep.equal([
      'TITLE',
      'SINGLE_SELECT',
      'TEXT',
      'NUMBER',
      'DATE',
    ]);
    const [, status] = node.fields.nodes as [unknown, { options: { id: string; name: string; color: string }[] }];
    expect(status.options.map(({ name, color }) => [name, color])).to.deep.equal([
      ['Ready', 'GRAY'],
      ['In progress', 'GRAY'],
      ['Done', 'GREEN'],
    ]);
    expect(status.options[0]?.id).to.match(/^[0-9a-f]{8}$/);
  });

  it('gives every kind of item, redacted ones without content', async () => {
    const { node } = await fixture.api<Page>(ITEMS, { id: board, first: 100 });
    expect(node.items.nodes.map(({ type }) => type)).to.deep.equal([
      'ISSUE',
      'ISSUE',
      'DRAFT_ISSUE',
      'REDACTED',
      'DRAFT_ISSUE',
    ]);
    expect(node.items.nodes[3]?.content).to.equal(null);
    expect(node.items.nodes[0]?.id).to.match(/^PVTI_/);
    expect(node.items.nodes[4]?.isArchived).to.equal(true);
  });

  it('gives the values of all field types, and nothing for an empty field', async () => {
    const { node } = await fixture.api<{ node: { items: { nodes: Record<string, unknown>[] } } }>(
      `query($id: ID!) { node(id: $id) { ... on ProjectV2 { items(first: 2) { nodes {
        project { title }
        spec: fieldValueByName(name: "spec") { ... on ProjectV2ItemFieldTextValue { text field { ... on ProjectV2Field { name } } } }
        points: fieldValueByName(name: "Story points") { ... on ProjectV2ItemFieldNumberValue { number } }
        due: fieldValueByName(name: "Due") { ... on ProjectV2ItemFieldDateValue { date } }
        title: fieldValueByName(name: "Title") { ... on ProjectV2ItemFieldTextValue { text } }
        none: fieldValueByName(name: "Nothing") { __typename }
        fieldValues(first: 10) { totalCount } } } } } }`,
      { id: board },
    );
    expect(node.items.nodes[0]).to.deep.equal({
      project: { title: 'Work' },
      spec: { text: '.kiro/specs/cart', field: { name: 'Spec' } },
      points: { number: 3 },
      due: { date: '2026-12-24' },
      title: { text: 'Add the cart' },
      none: null,
      fieldValues: { totalCount: 5 },
    });
    expect(node.items.nodes[1]?.spec).to.equal(null);
  });

  const cases: readonly [string, readonly unknown[]][] = [
    ['status:Ready', ['Add the cart', null]],
    ['status:ready,"In progress"', ['Add the cart', 'Think about prices', null]],
    ['-status:Done', ['Add the cart', 'Think about prices', null, 'Shelved']],
    ['status:Rady', []],
    ['status:Ready is:open is:issue', ['Add the cart']],
    ['is:closed', ['Add the price']],
    ['is:draft', ['Think about prices', 'Shelved']],
    ['is:pr', []],
    ['is:merged', []],
    ['is:nonsense', []],
    ['no:status', ['Shelved']],
    ['has:spec', ['Add the cart']],
    ['story-points:3', ['Add the cart']],
    ['flavour:sweet', []],
    ['price', ['Add the price', 'Think about prices']],
    ['"the cart"', ['Add the cart']],
    ['', ['Add the cart', 'Add the price', 'Think about prices', null, 'Shelved']],
  ];
  for (const [query, expected] of cases) {
    it(`filters by ${query || 'nothing'}`, async () => {
      expect(await titles(query)).to.deep.equal(expected);
    });
  }

  it('leaves out archived items on request, and can turn the order round', async () => {
    expect(await titles('', { archived: ['NOT_ARCHIVED'] })).to.have.length(4);
    expect(await titles('', { archived: ['ARCHIVED'] })).to.deep.equal(['Shelved']);
    expect((await titles('', { direction: 'DESC' }))[0]).to.equal('Shelved');
  });

  it('refuses pages outside of 1 to 100, no page size, and a made-up cursor', async () => {
    const ask = (variables: Record<string, unknown>) => refusalOf(fixture.api(ITEMS, { id: board, ...variables }));
    expect(await ask({ first: 101 })).to.equal(
      'EXCESSIVE_PAGINATION: Requesting 101 records on the `items` connection exceeds the `first` limit of 100 records.',
    );
    expect(await ask({ first: 0 })).to.match(/^ARGUMENT_LIMIT/);
    expect(await ask({})).to.match(/^MISSING_PAGINATION_BOUNDARIES: You must provide a `first` or `last` value/);
    expect(await ask({ first: 5, after: 'nonsense' })).to.match(/^INVALID_CURSOR_ARGUMENTS/);
  });

  it('pages backwards with last and before', async () => {
    const { node } = await fixture.api<{ node: { items: { nodes: { type: string }[]; pageInfo: unknown } } }>(
      `query($id: ID!) { node(id: $id) { ... on ProjectV2 { items(last: 2) { nodes { type } pageInfo { hasPreviousPage hasNextPage startCursor } } } } }`,
      { id: board },
    );
    expect(node.items.nodes.map(({ type }) => type)).to.deep.equal(['REDACTED', 'DRAFT_ISSUE']);
    expect(node.items.pageInfo).to.include({ hasPreviousPage: true, hasNextPage: false });
    const { startCursor } = node.items.pageInfo as { startCursor: string };
    const earlier = await fixture.api<typeof node & { node: { items: { edges: { node: { type: string } }[] } } }>(
      `query($id: ID!, $before: String) { node(id: $id) { ... on ProjectV2 { items(last: 2, before: $before) { edges { node { type } } } } } }`,
      { id: board, before: startCursor },
    );
    expect(earlier.node.items.edges.map((edge) => edge.node.type)).to.deep.equal(['ISSUE', 'DRAFT_ISSUE']);
  });

  const readAll = async (id: string, q = ''): Promise<{ requests: number; ids: string[]; slowest: number }> => {
    const ids: string[] = [];
    let after: string | null = null;
    for (let requests = 1, slowest = 0; ; requests += 1) {
      const started = performance.now();
      const { node }: Page = await fixture.api<Page>(ITEMS, { id, first: 100, after, q });
      slowest = Math.max(slowest, performance.now() - started);
      ids.push(...node.items.nodes.map((item) => item.id));
      if (!node.items.pageInfo.hasNextPage) return { requests, ids, slowest };
      after = node.items.pageInfo.endCursor;
    }
  };

  for (const count of [250, 10_000]) {
    it(`pages through ${count} items, each once, in ceil(n/100) requests`, async () => {
      const owner = `many${count}`;
      await fixture.github.seed(many(fixture.bare, owner, count));
      const { user } = await fixture.api<{ user: { projectV2: { id: string } } }>(
        'query($login: String!) { user(login: $login) { projectV2(number: 1) { id } } }',
        { login: owner },
      );
      const { requests, ids } = await readAll(user.projectV2.id);
      expect(requests).to.equal(Math.ceil(count / 100));
      expect(new Set(ids).size).to.equal(count);
      const ready = await readAll(user.projectV2.id, 'status:Ready');
      expect(ready.requests).to.equal(Math.ceil(count / 1000));
      expect(ready.ids).to.have.length(count / 10);
    });
  }

  it('goes on behind the cursor when items drop out of the filter between two pages', async () => {
    await fixture.github.seed(many(fixture.bare, 'moving', 30));
    const { user } = await fixture.api<{
      user: { projectV2: { id: string; field: { id: string; options: { id: string }[] } } };
    }>(
      `query { user(login: "moving") { projectV2(number: 1) { id field(name: "Status") { ... on ProjectV2SingleSelectField { id options(names: ["Done"]) { id } } } } } }`,
    );
    const { id, field } = user.projectV2;
    const first = await fixture.api<Page>(ITEMS, { id, first: 1, q: 'status:Ready' });
    await fixture.api(
      `mutation($p: ID!, $i: ID!, $f: ID!, $o: String!) {
        updateProjectV2ItemFieldValue(input: { projectId: $p, itemId: $i, fieldId: $f, value: { singleSelectOptionId: $o } }) { clientMutationId } }`,
      { p: id, i: first.node.items.nodes[0]?.id, f: field.id, o: field.options[0]?.id },
    );
    const after = first.node.items.pageInfo.endCursor;
    const second = await fixture.api<Page>(ITEMS, { id, first: 100, after, q: 'status:Ready' });
    expect(second.node.items.nodes.map(({ content }) => content?.number)).to.deep.equal([11, 21]);
  });

  it('names what it cannot find', async () => {
    const ask = (query: string) => refusalOf(fixture.api(query));
    expect(await ask('{ organization(login: "nobody") { id } }')).to.equal(
      "NOT_FOUND: Could not resolve to an Organization with the login of 'nobody'.",
    );
    expect(await ask('{ user(login: "acme") { id } }')).to.equal(
      "NOT_FOUND: Could not resolve to a User with the login of 'acme'.",
    );
    expect(await ask('{ organization(login: "acme") { projectV2(number: 99) { id } } }')).to.equal(
      'NOT_FOUND: Could not resolve to a ProjectV2 with the number 99.',
    );
    expect(await ask('{ node(id: "PVT_nothing") { id } }')).to.equal(
      "NOT_FOUND: Could not resolve to a node with the global id of 'PVT_nothing'.",
    );
    const error = await failureOf(fixture.api('{ organization(login: "nobody") { id } }'));
    expect(error.errors?.[0]?.path).to.deep.equal(['organization']);
    expect((error as { response?: { data: unknown } }).response?.data).to.deep.equal({ organization: null });
  });
});
