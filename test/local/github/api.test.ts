import { graphql } from '@octokit/graphql';
import { expect } from 'chai';
import { validateDocument } from '../../support/github-documents';
import { type Fixture, failureOf, refusalOf, startFixture, WRITER } from './github-fixture';

describe('the API of the local GitHub', () => {
  let fixture: Fixture;

  before(async () => {
    fixture = await startFixture({ clock: () => new Date('2026-11-01T10:00:00.500Z') });
  });
  after(() => fixture.close());

  const post = async (body: string, headers: Record<string, string> = { authorization: `bearer ${WRITER}` }) => {
    const response = await fetch(`${fixture.github.serverUrl}/graphql`, { method: 'POST', headers, body });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };

  it('knows its viewer, and answers at the address of an enterprise server too', async () => {
    const query = '{ viewer { login id __typename isViewer url } }';
    const { viewer } = await fixture.api<{ viewer: Record<string, unknown> }>(query);
    expect(viewer).to.deep.include({ login: 'worker', __typename: 'User', isViewer: true });
    const enterprise = await graphql<{ viewer: { id: string } }>('{ viewer { id } }', {
      baseUrl: `${fixture.github.serverUrl}/api/v3`,
      headers: { authorization: `bearer ${WRITER}` },
    });
    expect(enterprise.viewer.id).to.equal(viewer.id);
  });

  it('turns away unknown tokens and none', async () => {
    const wrong = await failureOf(fixture.apiOf('wrong')('{ viewer { login } }'));
    expect(wrong.status).to.equal(401);
    expect(wrong.response?.data.message).to.equal('Bad credentials');
    const none = await post('{}', {});
    expect(none.status).to.equal(401);
    expect(none.body.message).to.equal('This endpoint requires you to be authenticated.');
  });

  it('charges one point a query, and says so in the answer and the headers', async () => {
    const { headers, body } = await post(
      JSON.stringify({
        query: `query($n: Int!) { rateLimit { cost limit used remaining resetAt nodeCount }
          organization(login: "acme") { ...boards } }
          fragment boards on Organization { projectsV2(first: 2) { nodes { items(first: $n) { nodes { ... on ProjectV2Item { id } } } } } }`,
        variables: { n: 50 },
      }),
    );
    const used = Number(headers.get('x-ratelimit-used'));
    expect((body.data as { rateLimit: unknown }).rateLimit).to.deep.equal({
      cost: 1,
      limit: 5000,
      used,
      remaining: 5000 - used,
      resetAt: '2026-11-01T11:00:01Z',
      nodeCount: 102,
    });
    expect(headers.get('x-ratelimit-remaining')).to.equal(String(5000 - used));
    expect(headers.get('x-ratelimit-resource')).to.equal('graphql');
  });

  it('refuses the rate limit in a mutation, unknown fields, and text that is no GraphQL', async () => {
    const mutation = await failureOf(fixture.api('mutation { rateLimit { cost } }'));
    expect(mutation.errors?.[0]?.message).to.equal("Field 'rateLimit' doesn't exist on type 'Mutation'");
    const broken = await post(JSON.stringify({ query: '{ viewer {' }));
    expect([broken.status, broken.body.data]).to.deep.equal([200, undefined]);
    expect(
      (await post(JSON.stringify({ query: 'query A { viewer { id } } query B { viewer { id } }' }))).body,
    ).to.have.nested.property('errors[0].message');
    expect((await post('not json')).status).to.equal(400);
    expect((await post('{"query": 5}')).status).to.equal(400);
  });

  it('refuses more than 500,000 possible nodes', async () => {
    const refusal = await refusalOf(
      fixture.api(
        '{ organization(login: "acme") { repositories(first: 100) { nodes { issues(first: 100) { nodes { comments(first: 100) { nodes { id } } } } } } } }',
      ),
    );
    expect(refusal).to.match(/^MAX_NODE_LIMIT_EXCEEDED: This query requests up to 1010100 possible nodes/);
  });

  it('says loudly which field it does not have, instead of null', async () => {
    expect(await refusalOf(fixture.api('{ viewer { bio } }'))).to.equal(
      'STAND_IN_LACKS: The local GitHub does not implement User.bio.',
    );
  });

  it('gives several nodes, with an error for each that is not there', async () => {
    const { viewer } = await fixture.api<{ viewer: unknown; owner: { repository: { id: string } } }>(
      '{ viewer { login } repositoryOwner(login: "acme") { repository(name: "shop") { id } } none: repositoryOwner(login: "x") { login } }',
    );
    expect(viewer).to.deep.equal({ login: 'worker' });
    const error = await failureOf(fixture.api('{ nodes(ids: ["R_1", "R_2"]) { id } }'));
    expect(error.errors).to.have.length(2);
  });

  it('logs names and cost of each operation, and neither variables nor tokens', async () => {
    await fixture
      .api('query Named($id: ID!) { a: node(id: $id) { id } }', { id: 'secret-looking' })
      .catch(() => undefined);
    const last = fixture.github.requests.at(-1);
    expect(last).to.deep.equal({
      at: '2026-11-01T10:00:00Z',
      kind: 'graphql',
      operations: ['Named', 'node'],
      login: 'worker',
      cost: 1,
      status: 200,
      faults: [],
    });
    expect(JSON.stringify(fixture.github.requests)).not.to.match(/secret-looking|token-0001/);
  });
});

describe('validateDocument', () => {
  it('accepts what the API has, of today too', () => {
    expect(
      validateDocument(
        'query($id: ID!) { node(id: $id) { ... on ProjectV2 { items(first: 1, query: "is:open", archivedStates: [NOT_ARCHIVED]) { totalCount } } ... on Issue { blockedBy(first: 1) { totalCount } } } }',
      ),
    ).to.deep.equal([]);
  });

  it('names a misspelt field, a wrong argument, and text that is no document', () => {
    expect(validateDocument('{ viewer { logon } }')).to.deep.equal([
      'Cannot query field "logon" on type "User". Did you mean "login"?',
    ]);
    expect(validateDocument('{ node(ident: "x") { id } }').join()).to.match(/Unknown argument "ident"/);
    expect(validateDocument('{ viewer')).to.have.length(1);
  });
});
