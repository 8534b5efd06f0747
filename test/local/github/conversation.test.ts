import { expect } from 'chai';
import { type Fixture, git, READER, refusalOf, startFixture } from './github-fixture';

describe('repositories, issues and comments of the local GitHub', () => {
  let fixture: Fixture;

  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture.close());

  it('tell what a repository is, with its branches as git has them', async () => {
    const { repository } = await fixture.api<{ repository: Record<string, unknown> }>(
      `{ repository(owner: "Acme", name: "shop") { id name nameWithOwner url isArchived isEmpty isPrivate viewerPermission
        owner { login } defaultBranchRef { name branchProtectionRule { pattern restrictsPushes } target { oid ... on Commit { abbreviatedOid } } }
        feature: ref(qualifiedName: "refs/heads/feature") { name prefix branchProtectionRule { id } target { oid } }
        none: ref(qualifiedName: "nowhere") { name }
        refs(refPrefix: "refs/heads/", first: 10) { totalCount nodes { name } }
        tags: refs(refPrefix: "refs/tags/", first: 10) { totalCount }
        issues(first: 10, states: OPEN) { nodes { number } } labels(first: 10) { nodes { name color } } } }`,
    );
    const main = await git(fixture.bare, 'rev-parse', 'main');
    expect(repository.id).to.match(/^R_/);
    expect(repository).to.deep.include({
      name: 'shop',
      nameWithOwner: 'acme/shop',
      url: `${fixture.github.serverUrl}/acme/shop`,
      isArchived: false,
      isEmpty: false,
      viewerPermission: 'WRITE',
      owner: { login: 'acme' },
      defaultBranchRef: {
        name: 'main',
        branchProtectionRule: { pattern: 'main', restrictsPushes: true },
        target: { oid: main, abbreviatedOid: main.slice(0, 7) },
      },
      none: null,
      refs: { totalCount: 3, nodes: [{ name: 'feature' }, { name: 'level' }, { name: 'main' }] },
      tags: { totalCount: 0 },
      issues: { nodes: [{ number: 1 }] },
      labels: {
        nodes: [
          { name: 'bug', color: 'ededed' },
          { name: 'worker', color: '00ff00' },
        ],
      },
    });
    expect(repository.feature).to.deep.include({ prefix: 'refs/heads/', branchProtectionRule: null });
  });

  it('tell an empty repository from one with branches', async () => {
    const empty = `${fixture.folder}/empty.git`;
    await git(fixture.folder, 'init', '-q', '--bare', empty);
    await fixture.github.seed({
      owners: [{ login: 'mona', kind: 'user' }],
      repositories: [{ nameWithOwner: 'mona/empty', path: empty }],
    });
    const { repository } = await fixture.apiOf(READER)<{ repository: unknown }>(
      '{ repository(owner: "mona", name: "empty") { isEmpty viewerPermission defaultBranchRef { name } } }',
    );
    expect(repository).to.deep.equal({ isEmpty: true, viewerPermission: 'READ', defaultBranchRef: null });
  });

  it('tell an issue with its branch, its blockers and where it stands on boards', async () => {
    const { repository } = await fixture.api<{ repository: { issue: unknown; second: unknown } }>(
      `{ repository(owner: "acme", name: "shop") {
        issue(number: 1) { id number title url state stateReason body createdAt closed author { __typename login }
          repository { nameWithOwner } linkedBranches(first: 5) { totalCount nodes { ref { name target { oid } } } }
          blockedBy(first: 50) { totalCount nodes { number state } } comments(first: 5) { totalCount }
          projectItems(first: 5) { nodes { project { number } } } viewerDidAuthor viewerCanUpdate }
        second: issue(number: 2) { state stateReason blocking(first: 5) { nodes { number } } labels(first: 5) { nodes { name } } } } }`,
    );
    const feature = await git(fixture.bare, 'rev-parse', 'feature');
    expect(repository.issue).to.deep.include({
      number: 1,
      title: 'Add the cart',
      url: `${fixture.github.serverUrl}/acme/shop/issues/1`,
      state: 'OPEN',
      stateReason: null,
      body: 'Please.',
      closed: false,
      author: { __typename: 'Organization', login: 'acme' },
      repository: { nameWithOwner: 'acme/shop' },
      linkedBranches: { totalCount: 1, nodes: [{ ref: { name: 'feature', target: { oid: feature } } }] },
      blockedBy: { totalCount: 1, nodes: [{ number: 2, state: 'CLOSED' }] },
      comments: { totalCount: 0 },
      projectItems: { nodes: [{ project: { number: 7 } }] },
      viewerDidAuthor: false,
      viewerCanUpdate: true,
    });
    expect(repository.second).to.deep.equal({
      state: 'CLOSED',
      stateReason: 'COMPLETED',
      blocking: { nodes: [{ number: 1 }] },
      labels: { nodes: [{ name: 'bug' }] },
    });
  });

  it('name repositories and issues that do not exist', async () => {
    expect(await refusalOf(fixture.api('{ repository(owner: "acme", name: "none") { id } }'))).to.equal(
      "NOT_FOUND: Could not resolve to a Repository with the name 'acme/none'.",
    );
    expect(
      await refusalOf(fixture.api('{ repository(owner: "acme", name: "shop") { issue(number: 99) { id } } }')),
    ).to.equal('NOT_FOUND: Could not resolve to an Issue with the number of 99.');
  });

  const issueId = async (): Promise<string> =>
    (
      await fixture.api<{ repository: { issue: { id: string } } }>(
        '{ repository(owner: "acme", name: "shop") { issue(number: 1) { id } } }',
      )
    ).repository.issue.id;

  const ADD = `mutation($subjectId: ID!, $body: String!) { addComment(input: { subjectId: $subjectId, body: $body }) {
    commentEdge { node { id body url author { login } viewerDidAuthor issue { number } pullRequest { id } repository { name } } } subject { id } } }`;

  it('take a comment, find it again, and edit it in place', async () => {
    const subjectId = await issueId();
    type Added = { addComment: { commentEdge: { node: { id: string; url: string } } } };
    const { addComment } = await fixture.api<Added>(ADD, { subjectId, body: '<!-- marker --> red' });
    const { node } = addComment.commentEdge;
    expect(node.id).to.match(/^IC_/);
    expect(node).to.deep.include({
      author: { login: 'worker' },
      viewerDidAuthor: true,
      issue: { number: 1 },
      pullRequest: null,
      repository: { name: 'shop' },
    });
    await fixture.api(ADD, { subjectId, body: 'another' });
    await fixture.api(
      'mutation($id: ID!) { updateIssueComment(input: { id: $id, body: "<!-- marker --> green" }) { issueComment { body } } }',
      { id: node.id },
    );
    const read = async (order: string): Promise<unknown> =>
      (
        await fixture.api<{ node: { comments: { nodes: unknown } } }>(
          `query($id: ID!) { node(id: $id) { ... on Issue { comments(first: 10${order}) { nodes { body } } } } }`,
          { id: subjectId },
        )
      ).node.comments.nodes;
    expect(await read('')).to.deep.equal([{ body: '<!-- marker --> green' }, { body: 'another' }]);
    expect(await read(', orderBy: { field: UPDATED_AT, direction: DESC }')).to.have.length(2);
    expect(await read(', orderBy: { field: UPDATED_AT, direction: ASC }')).to.have.length(2);
  });

  it('give each thing its address on this server', async () => {
    const subjectId = await issueId();
    type Added = { addComment: { commentEdge: { node: { id: string; url: string } } } };
    const { addComment } = await fixture.api<Added>(ADD, { subjectId, body: 'where?' });
    const { id, url } = addComment.commentEdge.node;
    expect(url).to.equal(`${fixture.github.serverUrl}/acme/shop/issues/1#issuecomment-${id}`);
    const { organization } = await fixture.api<{ organization: Record<string, unknown> }>(
      `{ organization(login: "acme") { url resourcePath avatarUrl projectV2(number: 7) { resourcePath public template viewerCanUpdate shortDescription readme
        items(first: 3) { nodes { content { ... on DraftIssue { bodyText creator { login } } } } } }
        repository(name: "shop") { resourcePath isFork isPrivate isDisabled isLocked defaultBranchRef { branchProtectionRule { isAdminEnforced allowsForcePushes allowsDeletions }
          target { commitUrl ... on Commit { url oid } } } issue(number: 1) { resourcePath bodyText locked } } } }`,
    );
    const main = await git(fixture.bare, 'rev-parse', 'main');
    expect(organization).to.deep.include({ url: `${fixture.github.serverUrl}/acme`, resourcePath: '/acme' });
    expect(organization.projectV2).to.deep.include({ resourcePath: '/orgs/acme/projects/7', viewerCanUpdate: true });
    expect(organization).to.have.nested.property('projectV2.items.nodes[2].content.creator.login', 'acme');
    const commit = `${fixture.github.serverUrl}/acme/shop/commit/${main}`;
    expect(organization).to.have.nested.property('repository.defaultBranchRef.target.url', commit);
    expect(organization).to.have.nested.property('repository.issue.resourcePath', '/acme/shop/issues/1');
  });

  it('refuse comments that are blank, too long, or on nothing', async () => {
    const subjectId = await issueId();
    expect(await refusalOf(fixture.api(ADD, { subjectId, body: ' ' }))).to.equal("UNPROCESSABLE: Body can't be blank");
    expect(await refusalOf(fixture.api(ADD, { subjectId, body: 'x'.repeat(65_537) }))).to.match(/body is too long/);
    expect(await refusalOf(fixture.api(ADD, { subjectId: 'I_no', body: 'x' }))).to.match(/^NOT_FOUND/);
    const edit = fixture.api('mutation { updateIssueComment(input: { id: "IC_no", body: "x" }) { clientMutationId } }');
    expect(await refusalOf(edit)).to.match(/^NOT_FOUND/);
    expect(await refusalOf(fixture.apiOf(READER)(ADD, { subjectId, body: 'x' }))).to.match(/^FORBIDDEN/);
  });

  it('take labels of their own repository, each once', async () => {
    const subjectId = await issueId();
    const { repository } = await fixture.api<{ repository: { label: { id: string } } }>(
      '{ repository(owner: "acme", name: "shop") { label(name: "worker") { id } } }',
    );
    const label = (labelIds: readonly string[], id = subjectId) =>
      fixture.api<{ addLabelsToLabelable: unknown }>(
        `mutation($id: ID!, $labelIds: [ID!]!) { addLabelsToLabelable(input: { labelableId: $id, labelIds: $labelIds }) { labelable { labels(first: 5) { totalCount } } } }`,
        { id, labelIds },
      );
    const { id } = repository.label;
    expect((await label([id, id])).addLabelsToLabelable).to.deep.equal({ labelable: { labels: { totalCount: 1 } } });
    expect(await refusalOf(label(['LA_no']))).to.match(/^NOT_FOUND/);
    expect(await refusalOf(label([id], 'I_no'))).to.match(/^NOT_FOUND/);
  });
});
