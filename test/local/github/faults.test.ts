import { expect } from 'chai';
import { commitFile, type Fixture, failureOf, git, gitFailure, READER, startFixture, WRITER } from './github-fixture';

const VIEWER = 'query Who { viewer { login } }';

describe('faults of the local GitHub', () => {
  let fixture: Fixture;
  const waits: number[] = [];

  beforeEach(async () => {
    waits.length = 0;
    fixture = await startFixture({
      delay: async (milliseconds) => {
        waits.push(milliseconds);
      },
    });
  });
  afterEach(() => fixture.close());

  const ask = () => fixture.api<{ viewer: { login: string } }>(VIEWER);

  const addComment = async () => {
    const { repository } = await fixture.api<{ repository: { issue: { id: string } } }>(
      '{ repository(owner: "acme", name: "shop") { issue(number: 1) { id } } }',
    );
    return fixture.api(
      'mutation($id: ID!) { addComment(input: { subjectId: $id, body: "hello" }) { clientMutationId } }',
      {
        id: repository.issue.id,
      },
    );
  };

  const countComments = () => fixture.github.model.all('IssueComment').length;

  it('answer with a rate limit as 200, counted', async () => {
    fixture.github.faults.add({ kind: 'rate-limit', status: 200, count: 2 });
    for (let turn = 0; turn < 2; turn += 1) {
      const error = await failureOf(ask());
      expect(error.errors?.[0]?.type).to.equal('RATE_LIMITED');
      expect(error.headers?.['x-ratelimit-remaining']).to.equal('0');
      expect(Number(error.headers?.['x-ratelimit-reset'])).to.be.greaterThan(1e9);
    }
    expect((await ask()).viewer.login).to.equal('worker');
  });

  it('answer with a rate limit as 403, and with secondary limits', async () => {
    fixture.github.faults.add({ kind: 'rate-limit', status: 403, retryAfterSeconds: 17 });
    const primary = await failureOf(ask());
    expect(primary.status).to.equal(403);
    expect(primary.response?.headers).to.include({ 'retry-after': '17', 'x-ratelimit-remaining': '0' });
    fixture.github.faults.add({ kind: 'rate-limit', status: 403 });
    expect((await failureOf(ask())).response?.headers['retry-after']).to.equal('60');
    for (const status of [403, 429] as const) {
      fixture.github.faults.add({ kind: 'secondary-limit', status, retryAfterSeconds: 5 });
      const secondary = await failureOf(ask());
      expect(secondary.status).to.equal(status);
      expect(secondary.response?.headers['retry-after']).to.equal('5');
      expect(secondary.response?.data.message).to.match(/^You have exceeded a secondary rate limit/);
    }
  });

  it('answer 502 and 504 before anything is done, or after', async () => {
    for (const status of [502, 504] as const) {
      fixture.github.faults.add({ kind: 'unavailable', status, operation: 'addComment' });
      expect((await failureOf(addComment())).status).to.equal(status);
    }
    expect(countComments()).to.equal(0);
    fixture.github.faults.add({ kind: 'unavailable', status: 502, operation: 'addComment', afterEffect: true });
    expect((await failureOf(addComment())).status).to.equal(502);
    expect(countComments()).to.equal(1);
  });

  it('cut the connection, before or after the effect', async () => {
    fixture.github.faults.add({ kind: 'connection-reset', operation: 'addComment' });
    expect((await failureOf(addComment())).status).to.equal(500); // the client's word for no answer
    expect(countComments()).to.equal(0);
    fixture.github.faults.add({ kind: 'connection-reset', operation: 'addComment', afterEffect: true });
    await failureOf(addComment());
    expect(countComments()).to.equal(1);
    expect(fixture.github.requests.at(-1)).to.deep.include({ status: 0, faults: ['connection-reset'] });
  });

  it('make an answer late', async () => {
    fixture.github.faults.add({ kind: 'latency', milliseconds: 700 });
    fixture.github.faults.add({ kind: 'latency', milliseconds: 50 });
    expect((await ask()).viewer.login).to.equal('worker');
    expect(waits).to.deep.equal([750]);
  });

  it('hit one operation by its name, begin later, and end with clear', async () => {
    const { faults } = fixture.github;
    faults.add({ kind: 'unavailable', status: 502, operation: 'Who', after: 1, count: Number.POSITIVE_INFINITY });
    await ask();
    expect((await failureOf(ask())).status).to.equal(502);
    expect((await failureOf(ask())).status).to.equal(502);
    await fixture.api('query Other { viewer { login } }');
    faults.clear();
    await ask();
  });

  it('hit git: the service, its listing, and a push whose answer is lost', async () => {
    const clone = `${fixture.folder}/clone`;
    const { faults } = fixture.github;
    await git(fixture.folder, 'clone', '-q', '-b', 'feature', fixture.remote(WRITER), clone);
    faults.add({ kind: 'unavailable', status: 502, operation: 'git-upload-pack:refs' });
    expect(await gitFailure(clone, 'fetch', 'origin')).to.match(/502/);
    faults.add({ kind: 'rate-limit', status: 200, operation: 'git-upload-pack:refs' });
    expect(await gitFailure(clone, 'fetch', 'origin')).to.match(/403/);
    faults.add({ kind: 'latency', milliseconds: 9, operation: 'git-upload-pack:refs' });
    await git(clone, 'fetch', '-q', 'origin');
    expect(waits).to.deep.equal([9]);
    const head = await commitFile(clone, 'c.txt', 'three\n');
    // git's HTTP library tries once more by itself when a connection in use dies without an answer.
    faults.add({ kind: 'connection-reset', operation: 'git-receive-pack', count: 2 });
    await gitFailure(clone, 'push', 'origin', 'feature');
    expect(await git(fixture.bare, 'rev-parse', 'feature')).not.to.equal(head);
    faults.add({ kind: 'unavailable', status: 504, operation: 'git-receive-pack', afterEffect: true });
    expect(await gitFailure(clone, 'push', 'origin', 'feature')).to.match(/504/);
    expect(await git(fixture.bare, 'rev-parse', 'feature')).to.equal(head);
  });

  it('come by themselves when the points of the hour are used up, and end with the hour', async () => {
    const now = { value: new Date('2026-11-01T10:00:00Z') };
    const poor = await startFixture({ clock: () => now.value, pointsPerHour: 2 });
    try {
      await poor.api(VIEWER);
      await poor.api(VIEWER);
      const error = await failureOf(poor.api(VIEWER));
      expect(error.errors?.[0]?.type).to.equal('RATE_LIMITED');
      expect(error.headers).to.include({
        'x-ratelimit-limit': '2',
        'x-ratelimit-used': '2',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Date.parse('2026-11-01T11:00:00Z') / 1000),
      });
      await poor.apiOf(READER)(VIEWER);
      now.value = new Date('2026-11-01T11:00:00Z');
      await poor.api(VIEWER);
    } finally {
      await poor.close();
    }
  });
});
