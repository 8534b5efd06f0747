import { expect } from 'chai';
import { commitFile, type Fixture, git, READER, refusalOf, startFixture } from './github-fixture';

type PullRequest = { id: string; number: number; isDraft: boolean; state: string; headRefOid: string };

const CREATE = `mutation($input: CreatePullRequestInput!) { createPullRequest(input: $input) { pullRequest {
  id number url isDraft state title body headRefName baseRefName headRefOid author { login } commits { totalCount } } } }`.replace(
  'commits {',
  'commits(first: 1) {',
);

const REPOSITORY = `query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { id } }`;

describe('pull requests of the local GitHub', () => {
  let fixture: Fixture;

  beforeEach(async () => {
    fixture = await startFixture();
  });
  afterEach(() => fixture.close());

  const repositoryId = async (nameWithOwner = 'acme/shop'): Promise<string> => {
    const [owner, name] = nameWithOwner.split('/');
    return (await fixture.api<{ repository: { id: string } }>(REPOSITORY, { owner, name })).repository.id;
  };

  const create = async (more: Record<string, unknown> = {}, nameWithOwner?: string): Promise<PullRequest> => {
    const input = {
      repositoryId: await repositoryId(nameWithOwner),
      baseRefName: 'main',
      headRefName: 'feature',
      title: 'Add the cart',
      ...more,
    };
    type Answer = { createPullRequest: { pullRequest: PullRequest } };
    return (await fixture.api<Answer>(CREATE, { input })).createPullRequest.pullRequest;
  };

  it('are made as drafts, take the next number, and tell their head as git has it now', async () => {
    const pullRequest = await create({ draft: true, body: 'The body' });
    const head = await git(fixture.bare, 'rev-parse', 'feature');
    expect(pullRequest).to.deep.include({
      number: 3,
      url: `${fixture.github.serverUrl}/acme/shop/pull/3`,
      isDraft: true,
      state: 'OPEN',
      title: 'Add the cart',
      body: 'The body',
      headRefName: 'feature',
      baseRefName: 'main',
      headRefOid: head,
      author: { login: 'worker' },
      commits: { totalCount: 1 },
    });
    const work = `${fixture.folder}/clone`;
    await git(fixture.folder, 'clone', '-q', '-b', 'feature', fixture.remote('writer-token-0001'), work);
    const next = await commitFile(work, 'c.txt', 'three\n');
    await git(work, 'push', '-q', 'origin', 'feature');
    const { node } = await fixture.api<{ node: PullRequest & { commits: unknown; headRef: unknown } }>(
      `query($id: ID!) { node(id: $id) { ... on PullRequest { headRefOid baseRefOid merged isCrossRepository
        headRef { name prefix target { oid } } baseRef { name } headRepository { nameWithOwner } baseRepository { name }
        repository { nameWithOwner } comments(first: 1) { totalCount } commits(first: 1) { totalCount } } } }`,
      { id: pullRequest.id },
    );
    expect(node.headRefOid).to.equal(next);
    expect(node.commits).to.deep.equal({ totalCount: 2 });
    expect(node.headRef).to.deep.equal({ name: 'feature', prefix: 'refs/heads/', target: { oid: next } });
    await git(fixture.bare, 'update-ref', '-d', 'refs/heads/feature');
    const gone = await fixture.api<{ node: PullRequest }>(
      'query($id: ID!) { node(id: $id) { ... on PullRequest { headRefOid headRef { name } } } }',
      { id: pullRequest.id },
    );
    expect(gone.node).to.deep.equal({ headRefOid: head, headRef: null });
  });

  it('are found by head, base and state, in the order asked for', async () => {
    const first = await create();
    const second = await create({ baseRefName: 'level' });
    const find = async (filter: string): Promise<readonly number[]> => {
      type Answer = { repository: { pullRequests: { nodes: PullRequest[] } } };
      const { repository } = await fixture.api<Answer>(
        `{ repository(owner: "acme", name: "shop") { pullRequests(first: 10, ${filter}) { nodes { number } } } }`,
      );
      return repository.pullRequests.nodes.map(({ number }) => number);
    };
    expect(await find('headRefName: "feature", baseRefName: "main", states: OPEN')).to.deep.equal([first.number]);
    expect(await find('headRefName: "other"')).to.deep.equal([]);
    expect(await find('states: [CLOSED, MERGED]')).to.deep.equal([]);
    const byAge = (field: string, direction: string) => find(`orderBy: { field: ${field}, direction: ${direction} }`);
    expect(await byAge('CREATED_AT', 'DESC')).to.deep.equal([second.number, first.number]);
    expect(await byAge('UPDATED_AT', 'ASC')).to.deep.equal([first.number, second.number]);
    expect(await byAge('COMMENTS', 'ASC')).to.deep.equal([first.number, second.number]);
    expect(await find('labels: ["bug"]')).to.deep.equal([]);
    const one = await fixture.api<{ repository: { pullRequest: PullRequest } }>(
      `{ repository(owner: "acme", name: "shop") { pullRequest(number: ${first.number}) { id } } }`,
    );
    expect(one.repository.pullRequest.id).to.equal(first.id);
  });

  it('are refused a second time for the same head and base, until the first is closed', async () => {
    const first = await create();
    const already = 'UNPROCESSABLE: A pull request already exists for acme:feature.';
    expect(await refusalOf(create())).to.equal(already);
    expect(await refusalOf(create({ headRefName: 'acme:feature' }))).to.equal(already);
    const change = (state: string) =>
      fixture.api(
        `mutation($id: ID!, $state: PullRequestUpdateState) { updatePullRequest(input: { pullRequestId: $id, state: $state }) { pullRequest { state closed } } }`,
        { id: first.id, state },
      );
    await change('CLOSED');
    expect((await create()).number).to.equal(first.number + 1);
    expect(await refusalOf(change('OPEN'))).to.equal(already);
  });

  it('are never doubled by two requests at once', async () => {
    const results = await Promise.allSettled([create(), create(), create()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
  });

  it('are refused without commits, without branches, as drafts where those are not allowed, and for archived repositories', async () => {
    expect(await refusalOf(create({ headRefName: 'main' }))).to.equal(
      'UNPROCESSABLE: No commits between main and main',
    );
    expect(await refusalOf(create({ headRefName: 'level' }))).to.equal(
      'UNPROCESSABLE: No commits between main and level',
    );
    expect(await refusalOf(create({ headRefName: 'nowhere' }))).to.equal(
      "UNPROCESSABLE: Head sha can't be blank, Base sha can't be blank, No commits between main and nowhere, Head ref must be a branch",
    );
    expect(await refusalOf(create({ baseRefName: 'nowhere' }))).to.match(/Base ref must be a branch$/);
    expect(await refusalOf(create({ draft: true }, 'acme/plain'))).to.equal(
      'UNPROCESSABLE: Draft pull requests are not supported in this repository.',
    );
    expect((await create({}, 'acme/plain')).isDraft).to.equal(false);
    expect(await refusalOf(create({}, 'acme/old'))).to.match(/^UNPROCESSABLE: Repository was archived/);
    expect(await refusalOf(create({ repositoryId: 'R_no' }))).to.match(/^NOT_FOUND/);
  });

  it('are refused with a text that is too long or a blank title', async () => {
    expect(await refusalOf(create({ body: 'x'.repeat(65_537) }))).to.equal(
      'UNPROCESSABLE: body is too long (maximum is 65536 characters)',
    );
    expect(await refusalOf(create({ title: 'x'.repeat(257) }))).to.match(/title is too long \(maximum is 256/);
    expect(await refusalOf(create({ title: ' ' }))).to.equal("UNPROCESSABLE: title can't be blank");
    expect((await create({ body: 'x'.repeat(65_536) })).number).to.equal(3);
  });

  it('cannot be made by a token that may only read', async () => {
    const input = { repositoryId: await repositoryId(), baseRefName: 'main', headRefName: 'feature', title: 'x' };
    expect(await refusalOf(fixture.apiOf(READER)(CREATE, { input }))).to.equal(
      'FORBIDDEN: Resource not accessible by personal access token',
    );
  });

  it('change title, body, base and labels, and become ready and drafts again', async () => {
    const { id } = await create({ draft: true });
    const label = await fixture.api<{ repository: { label: { id: string } } }>(
      '{ repository(owner: "acme", name: "shop") { label(name: "Bug") { id } } }',
    );
    const input = {
      pullRequestId: id,
      title: 'New',
      body: 'Text',
      baseRefName: 'level',
      labelIds: [label.repository.label.id],
    };
    const updated = await fixture.api<{ updatePullRequest: { pullRequest: unknown } }>(
      `mutation($input: UpdatePullRequestInput!) { updatePullRequest(input: $input) { pullRequest { title body baseRefName isDraft labels(first: 5) { nodes { name } } } } }`,
      { input },
    );
    expect(updated.updatePullRequest.pullRequest).to.deep.equal({
      title: 'New',
      body: 'Text',
      baseRefName: 'level',
      isDraft: true,
      labels: { nodes: [{ name: 'bug' }] },
    });
    const turn = async (mutation: string): Promise<boolean> => {
      const answer = await fixture.api<Record<string, { pullRequest: PullRequest }>>(
        `mutation($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`,
        { id },
      );
      return answer[mutation]?.pullRequest.isDraft ?? false;
    };
    expect(await turn('markPullRequestReadyForReview')).to.equal(false);
    expect(await turn('convertPullRequestToDraft')).to.equal(true);
  });

  it('refuse to become drafts where drafts are not allowed, or when they are not open', async () => {
    const plain = await create({}, 'acme/plain');
    const draft = (id: string) =>
      refusalOf(
        fixture.api(
          'mutation($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { clientMutationId } }',
          { id },
        ),
      );
    expect(await draft(plain.id)).to.match(/Draft pull requests are not supported/);
    const { id } = await create();
    await fixture.api(
      'mutation($id: ID!) { updatePullRequest(input: { pullRequestId: $id, state: CLOSED }) { clientMutationId } }',
      { id },
    );
    expect(await draft(id)).to.equal('UNPROCESSABLE: Pull request is closed');
    expect(await draft('PR_none')).to.match(/^NOT_FOUND/);
  });
});
