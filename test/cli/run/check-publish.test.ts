import { expect } from 'chai';
import { run } from '../../../cli/commands/run';
import type { StandInApp } from '../../../local/github/apps';
import type { Token } from '../../../local/github/context';
import { failureOf } from '../../support/failure-of';
import { makeApp } from '../../support/github-app';
import { type BoardPlan, type GitHubBench, startGitHubBench } from '../../support/github-bench';
import { temporaryFolder } from '../../support/temporary-folder';
import { runCommand } from '../support/command-context';

const both = ['project', 'repo'];
const READS = 'ghp_readsreadsreadsreads';
const tokens: readonly Token[] = [
  { token: READS, login: 'reader', canWrite: false, scopes: both },
  { token: 'ghp_narrownarrownarrow', login: 'worker', canWrite: true, scopes: ['read:project', 'repo'] },
  { token: 'ghp_elsewhereelsewhere', login: 'worker', canWrite: true, scopes: both, repositories: ['acme/other'] },
  { token: 'ghp_writeswriteswrites', login: 'worker', canWrite: true, scopes: both },
];
type Permissions = StandInApp['permissions'];
const appWith = (appId: string, permissions: Permissions) => {
  const { app, secret } = makeApp([{ id: Number(appId), account: 'acme' }], permissions);
  return { app: { ...app, appId }, secret: secret({ appId: Number(appId) }) };
};
const all: Permissions = { contents: 'write', issues: 'write', organization_projects: 'write', pull_requests: 'write' };
const readsBoard = appWith('31', { ...all, organization_projects: 'read' });
const readsCode = appWith('32', { ...all, contents: 'read' });
const readsPulls = appWith('33', { ...all, pull_requests: 'read' });

describe('kiro-worker run --publish', () => {
  const folder = temporaryFolder();
  let bench: GitHubBench;
  afterEach(() => bench.close());

  const begin = async (plan: BoardPlan = {}) => {
    const apps = [readsBoard.app, readsCode.app, readsPulls.app];
    bench = await startGitHubBench({ tokens, apps, clock: () => new Date() });
    await bench.plant({ rows: [{ number: 1 }], ...plan });
  };
  const start = (credential: string, ...more: readonly string[]) => {
    const words = ['--board', 'github:acme/9', '--repo', 'acme/work', '--agent', 'true', '--publish', ...more];
    const env = { GITHUB_API_URL: bench.github.apiUrl, GITHUB_TOKEN: credential };
    return failureOf(runCommand(run, words, { cwd: folder(), env }));
  };

  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ['an account that may only read the board', READS, /may read the board acme\/9, and not move its items/],
    ['a token without the scope project', 'ghp_narrownarrownarrow', /lacks the scope project/],
    ['a token that git may not push with', 'ghp_elsewhereelsewhere', /git may not push to acme\/work/],
    ['an App that may only read boards', readsBoard.secret, /App may not write organization_projects\./],
    ['an App that may only read code', readsCode.secret, /App may not write contents\./],
    ['an App that may open no pull request', readsPulls.secret, /App may not write pull_requests\./],
  ];
  for (const [what, credential, words] of refusals)
    it(`refuses ${what} before anything is begun`, async () => {
      await begin();
      const error = await start(credential);
      expect(error.name).to.equal('PermissionDenied');
      expect(error.message)
        .to.match(/^--publish needs more/)
        .and.match(words);
      const asked = bench.github.requests.flatMap(({ operations }) => operations);
      expect(asked).to.not.include('BoardItems');
    });

  it('refuses an archived repository', async () => {
    await begin({ repository: { isArchived: true } });
    expect((await start('ghp_writeswriteswrites')).message).to.match(/acme\/work, or the repository is archived/);
  });

  it('refuses a repository that is not there, also when it is the second one', async () => {
    await begin();
    const error = await start('ghp_writeswriteswrites', '--repo', 'acme/work,acme/none');
    expect(error.message).to.match(/git may not push to acme\/none/);
  });

  it('keeps apart what may pass by itself', async () => {
    await begin();
    bench.github.faults.add({ kind: 'unavailable', status: 502, operation: 'GET /rate_limit' });
    expect((await start('ghp_writeswriteswrites')).name).to.equal('GitHubUnavailable');
    bench.github.faults.add({ kind: 'unavailable', status: 502, operation: 'git-receive-pack:refs' });
    expect((await start('ghp_writeswriteswrites')).name).to.equal('GitHubUnavailable');
  });
});
