import { expect } from 'chai';
import { createAccessTokens } from '../../../adapters/github/access-tokens';
import { createGraphqlClient } from '../../../adapters/github/graphql-client';
import { type Fixture, git, gitFailure, startFixture } from '../../local/github/github-fixture';
import { failureOf } from '../../support/failure-of';
import { makeApp } from '../../support/github-app';

const HOUR = 3_600_000;

describe('access tokens', () => {
  const { app, privateKey, secret } = makeApp([
    { id: 7, account: 'acme' },
    { id: 8, account: 'mona' },
  ]);
  const other = makeApp([]);
  const clocks = { ours: 0, theirs: 0 };
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture({ apps: [app], clock: () => new Date(clocks.theirs) });
  });
  after(() => fixture.close());
  beforeEach(() => {
    clocks.ours = clocks.theirs = Date.parse('2026-11-01T10:00:00Z');
  });

  const open = (texts: readonly string[]) => {
    const left = [...texts];
    const read = async () => (left.length > 1 ? left.shift() : left[0]) ?? '';
    const { apiUrl } = fixture.github;
    return createAccessTokens({ apiUrl, where: 'The secret x' }, { read, now: () => new Date(clocks.ours) });
  };
  const minted = () =>
    fixture.github.requests.filter(({ operations }) => /POST .*access_tokens/.test(operations[0] ?? '')).length;
  const viewer = async (token: string): Promise<string> => {
    const deps = { token: async () => token, now: () => new Date(), pause: async () => undefined };
    const { run } = createGraphqlClient({ apiUrl: fixture.github.apiUrl }, deps);
    return (await run<{ viewer: { login: string } }>('query Who { viewer { login } }', {})).viewer.login;
  };

  it('are the personal access token itself, whatever they are for', async () => {
    const tokens = open([' ghp_abcdefghijklmnopqrst\n']);
    expect(await tokens.of({ owner: 'acme' })).to.equal('ghp_abcdefghijklmnopqrst');
    expect(tokens.known().join()).to.include('ghp_abcdefghijklmnopqrst');
  });

  it('follow a rotated secret at once', async () => {
    const tokens = open(['ghp_first', 'ghp_second']);
    expect(await tokens.of({ owner: 'acme' })).to.equal('ghp_first');
    expect(await tokens.of({ owner: 'acme' })).to.equal('ghp_second');
  });

  it('are made by the GitHub App for the account’s installation, organisation or user, and kept', async () => {
    const tokens = open([secret()]);
    const before = minted();
    const token = await tokens.of({ owner: 'acme' });
    expect(await viewer(token)).to.equal('kiro-worker[bot]');
    expect(await tokens.of({ owner: 'ACME' })).to.equal(token);
    expect(await tokens.of({ owner: 'mona' })).to.not.equal(token);
    expect(minted() - before).to.equal(2);
    expect(tokens.known()).to.include.members([token, privateKey]);
  });

  it('of an installation that the secret names are made without looking for it', async () => {
    const before = fixture.github.requests.length;
    await open([secret({ installationId: 8 })]).of({ owner: 'acme' });
    expect(fixture.github.requests.length - before).to.equal(1);
  });

  it('are made anew before they expire, and when they are forgotten', async () => {
    const tokens = open([secret()]);
    const first = await tokens.of({ owner: 'acme' });
    clocks.ours = clocks.theirs += HOUR - 11 * 60_000;
    expect(await tokens.of({ owner: 'acme' })).to.equal(first);
    clocks.ours = clocks.theirs += 2 * 60_000;
    const second = await tokens.of({ owner: 'acme' });
    expect(second).to.not.equal(first);
    expect(await viewer(second)).to.equal('kiro-worker[bot]');
    tokens.forget();
    expect(await tokens.of({ owner: 'acme' })).to.not.equal(second);
  });

  for (const [what, skew] of [
    ['an hour behind', -HOUR],
    ['two minutes ahead', 120_000],
    ['a day ahead', 24 * HOUR],
  ] as const)
    it(`are made although our clock is ${what}, and kept by GitHub’s`, async () => {
      clocks.ours += skew;
      const tokens = open([secret()]);
      const first = await tokens.of({ owner: 'acme' });
      const before = minted();
      expect(await tokens.of({ owner: 'acme' })).to.equal(first);
      expect(minted()).to.equal(before);
      clocks.ours += HOUR;
      clocks.theirs += HOUR;
      expect(await viewer(await tokens.of({ owner: 'acme' }))).to.equal('kiro-worker[bot]');
    });

  it('for git reach one repository, and write only where that was asked for', async () => {
    const tokens = open([secret()]);
    const reading = await tokens.of({ owner: 'acme', repository: 'shop', permissions: { contents: 'read' } });
    const writing = await tokens.of({ owner: 'acme', repository: 'shop', permissions: { contents: 'write' } });
    expect(await git(fixture.folder, 'ls-remote', fixture.remote(reading))).to.match(/refs\/heads\/feature/);
    expect(await gitFailure(fixture.folder, 'ls-remote', fixture.remote(reading, 'acme/plain'))).to.match(/not found/);
    const push = ['push', '--porcelain'];
    const spec = 'refs/heads/feature:refs/heads/new';
    expect(await gitFailure(fixture.bare, ...push, fixture.remote(reading), spec)).to.match(/403|denied/);
    expect(await git(fixture.bare, ...push, fixture.remote(writing), spec)).to.match(/new branch/);
  });

  const refusals: readonly (readonly [string, string, { owner: string; repository?: string }, string, RegExp])[] = [
    ['an account without the App', secret(), { owner: 'elsewhere' }, 'PermissionDenied', /not installed for elsewhere/],
    [
      'a repository that it may not see',
      secret(),
      { owner: 'acme', repository: 'x' },
      'PermissionDenied',
      /may not see/,
    ],
    [
      'the key of another App',
      other.secret(),
      { owner: 'acme' },
      'AuthenticationFailed',
      /did not accept the GitHub App 4711/,
    ],
    [
      'a key that is none',
      JSON.stringify({ appId: 1, privateKey: '-----BEGIN PRIVATE KEY-----\nnope\n-----END PRIVATE KEY-----' }),
      { owner: 'acme' },
      'AuthenticationFailed',
      /cannot be read/,
    ],
  ];
  for (const [what, text, scope, code, words] of refusals)
    it(`are refused for ${what}, without a word of the key`, async () => {
      const error = await failureOf(open([text]).of(scope));
      expect(error.name).to.equal(code);
      expect(error.message).to.match(words);
      expect(error.message).to.not.include('BEGIN');
    });

  it('wait for a GitHub that cannot answer', async () => {
    const operation = 'POST /app/installations/7/access_tokens';
    fixture.github.faults.add({ kind: 'unavailable', status: 502, operation });
    expect((await failureOf(open([secret()]).of({ owner: 'acme' }))).name).to.equal('GitHubUnavailable');
  });
});
