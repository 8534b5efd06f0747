import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { doctor } from '../../cli/commands/doctor';
import { type DoctorReport, doctorReportSchema } from '../../cli/doctor/finding';
import type { Token } from '../../local/github/context';
import { projectRoot } from '../../local/project-root';
import { tokens } from '../local/github/github-fixture';
import { failureOf } from '../support/failure-of';
import { makeApp } from '../support/github-app';
import { type BoardPlan, type GitHubBench, startGitHubBench } from '../support/github-bench';
import { temporaryFolder } from '../support/temporary-folder';
import { runCommand } from './support/command-context';

const CLASSIC = 'ghp_classicclassicclassic';
const FINE = 'github_pat_finefinefinefine';
const POOR = 'ghp_poorpoorpoorpoorpoor';
const NARROW = 'github_pat_narrownarrownarrow';
const BOSS = 'ghp_bossbossbossbossboss';
const DAY = 86_400_000;
const inDays = (days: number) =>
  new Date(Date.now() + days * DAY).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');

const known: readonly Token[] = [
  ...tokens,
  { token: CLASSIC, login: 'worker', canWrite: true, scopes: ['project', 'repo'], shownExpiry: inDays(90) },
  { token: FINE, login: 'worker', canWrite: true, shownExpiry: inDays(3) },
  { token: POOR, login: 'reader', canWrite: false, scopes: ['read:project'] },
  { token: NARROW, login: 'worker', canWrite: true, repositories: ['acme/other'] },
  { token: BOSS, login: 'boss', canWrite: true, scopes: ['project', 'repo'], mayBypass: true },
];
const { app, secret } = makeApp([{ id: 5, account: 'acme' }]);
const weak = makeApp([{ id: 6, account: 'acme' }], { contents: 'read', issues: 'write', metadata: 'read' });

describe('kiro-worker doctor', () => {
  const folder = temporaryFolder();
  const world: { bench?: GitHubBench } = {};
  afterEach(async () => {
    await world.bench?.close();
    delete world.bench;
  });

  const guarded = { protectedBranches: ['main'] };
  const begin = async (plan: BoardPlan = { repository: guarded }) => {
    const apps = [app, { ...weak.app, appId: '9' }];
    const bench = await startGitHubBench({ tokens: known, apps, clock: () => new Date() });
    world.bench = bench;
    await bench.plant(plan);
    return bench;
  };
  const run = async (token: string | null, more: readonly string[] = [], env: Record<string, string> = {}) => {
    const url = world.bench?.github.apiUrl ?? '';
    const board = ['--board', `github:${more.includes('--user') ? 'mona' : 'acme'}/9`, '--repo', 'acme/work'];
    const words = [...board, '--agent', 'true', '--json', ...more.filter((word) => word !== '--user')];
    const variables = { GITHUB_API_URL: url, ...(token ? { GITHUB_TOKEN: token } : {}), ...env };
    const { code, printed } = await runCommand(doctor, words, { cwd: folder(), env: variables });
    return { code, printed, report: doctorReportSchema.parse(JSON.parse(printed)) };
  };
  const worst = ({ findings }: DoctorReport) =>
    findings.filter(({ status }) => status !== 'good').map(({ check, status }) => `${status} ${check}`);
  const messagesOf = ({ findings }: DoctorReport, check: string) =>
    findings.filter((finding) => finding.check === check).map(({ message }) => message);
  /** Whether this machine can isolate builds is not what these tests are about. */
  const aboutGitHub = (report: DoctorReport) => worst(report).filter((line) => !line.endsWith('isolation'));

  it('finds nothing wrong where nothing is wrong, changes nothing, and shows no token', async () => {
    const bench = await begin();
    const { code, report, printed } = await run(CLASSIC);
    expect(aboutGitHub(report), printed).to.deep.equal([]);
    expect(code).to.equal(0);
    expect(printed).to.not.include(CLASSIC);
    expect(new Set(report.findings.map(({ area }) => area))).to.deep.equal(
      new Set(['machine', 'token', 'board', 'repository']),
    );
    expect(messagesOf(report, 'token-kind')).to.deep.equal(['It is a classic personal access token.']);
    expect(messagesOf(report, 'default-branch')).to.deep.equal(['Pushes to main are refused, as they must be.']);
    const written = bench.github.requests.filter(({ operations }) =>
      operations.some((name) => /^(?:Set|Create|Add|Update)/.test(name)),
    );
    expect(written).to.deep.equal([]);
  });

  it('says of every finding that is not good what to do', async () => {
    await begin({ fields: [{ name: 'Status', type: 'single-select', options: ['Ready', 'Doing'] }] });
    const { report, code } = await run(POOR);
    expect(code).to.equal(5);
    for (const { status, remedy, check } of report.findings) expect(remedy === '', check).to.equal(status === 'good');
    expect(aboutGitHub(report)).to.include.members([
      'problem token-scopes',
      'problem board-write',
      'problem board-names',
      'problem repository-role',
      'problem git-push',
      'warning default-branch',
    ]);
    expect(messagesOf(report, 'token-scopes').join()).to.match(
      /lacks the scope repo.*lacks the scope project.*it has read:project/,
    );
    expect(messagesOf(report, 'board-names'), 'all of them at once').to.have.length(6);
  });

  it('tells a token that ends soon, and one whose kind does not suit a user’s board', async () => {
    await begin({ owner: 'mona', ownerKind: 'user', repository: guarded });
    const { report } = await run(FINE, ['--user']);
    expect(aboutGitHub(report)).to.deep.equal(['warning token-kind', 'warning token-expiry']);
    expect(messagesOf(report, 'token-kind')[0]).to.match(/boards of users/);
  });

  it('tells what git may not do with a token that the API accepts', async () => {
    await begin();
    const { report, code } = await run(NARROW);
    expect(aboutGitHub(report)).to.include('problem git-fetch');
    expect(code).to.equal(5);
  });

  it('tells rules that keep feature branches out, and what may bypass them', async () => {
    const rules = [
      { type: 'required_signatures' as const, branches: 'feature/*' },
      { type: 'non_fast_forward' as const, branches: '~ALL' },
      { type: 'pull_request' as const, branches: '~DEFAULT_BRANCH' },
    ];
    await begin({ repository: { rules } });
    const { report, code } = await run(CLASSIC);
    expect(aboutGitHub(report)).to.deep.equal(['problem feature-branch']);
    expect(messagesOf(report, 'feature-branch')[0]).to.match(/feature\/kiro-worker-doctor requires signed commits/);
    expect(code).to.equal(5);
    expect(aboutGitHub((await run(CLASSIC, ['--branch', 'topic/x'])).report)).to.deep.equal([]);
    const boss = await run(BOSS);
    expect(aboutGitHub(boss.report)).to.deep.equal(['warning default-branch']);
    expect(messagesOf(boss.report, 'default-branch')[0]).to.match(/can be bypassed with this token/);
  });

  it('tells an archived repository, and one that is not there', async () => {
    await begin({ repository: { isArchived: true, ...guarded } });
    const { report } = await run(CLASSIC, ['--repo', 'acme/work,acme/nothing']);
    expect(aboutGitHub(report)).to.include.members(['problem repository-state', 'problem repository-access']);
    expect(report.findings.find(({ check }) => check === 'repository-access')?.subject).to.equal('acme/nothing');
  });

  it('knows what a GitHub App may do', async () => {
    await begin();
    const { report, code } = await run(secret());
    expect(aboutGitHub(report)).to.deep.equal([]);
    expect(code).to.equal(0);
    expect(messagesOf(report, 'app-permissions')).to.include('The GitHub App may write organization_projects.');
    const poor = await run(weak.secret().replace('4711', '9'));
    expect(messagesOf(poor.report, 'app-permissions')).to.include.members([
      'The GitHub App may not write contents (it has: read).',
      'The GitHub App may not write pull_requests (it has: nothing).',
    ]);
    expect(poor.code).to.equal(5);
  });

  it('goes on when a part cannot be looked at', async () => {
    await begin();
    for (const [token, words] of [
      ['ghp_unknownunknownunknown', /GitHub refused the token/],
      ['ghr_refreshrefreshrefresh', /refresh token/],
      [makeApp([]).secret(), /did not accept the GitHub App/],
    ] as const) {
      const { report, code } = await run(token);
      expect(messagesOf(report, 'token-valid').join()).to.match(words);
      expect(code).to.equal(5);
      expect(messagesOf(report, 'git-version')).to.have.length(1);
    }
    world.bench?.github.faults.add({ kind: 'unavailable', status: 502, operation: 'OrganizationBoard' });
    const { report } = await run(CLASSIC);
    expect(aboutGitHub(report)).to.deep.equal(['problem board-access']);
    world.bench?.github.faults.add({ kind: 'rate-limit', status: 200, operation: 'RepositoryFacts' });
    expect(aboutGitHub((await run(CLASSIC)).report)).to.deep.equal(['problem repository-access']);
  });

  it('blames an owner that is not there on the address of the board, not on the token', async () => {
    await begin();
    const { report, code } = await run(CLASSIC, ['--board', 'github:nobody/9']);
    expect(aboutGitHub(report)).to.deep.equal(['problem board-access']);
    expect(messagesOf(report, 'board-access')).to.deep.equal(['There is no account "nobody" on GitHub.']);
    expect(code).to.equal(5);
  });

  it('says of a GitHub that cannot be reached what to look at', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve)); // a port where nobody listens
    const { report, code } = await run(CLASSIC, [], { GITHUB_API_URL: `http://127.0.0.1:${port}` });
    const [finding] = report.findings.filter(({ area }) => area === 'token');
    expect(finding?.message).to.match(/GitHub could not answer: .*ECONNREFUSED/);
    expect(finding?.remedy).to.match(/network of this machine .*GITHUB_API_URL/);
    expect(code).to.equal(5);
  });

  it('tells a closed board', async () => {
    const bench = await begin();
    for (const record of bench.github.model.all('ProjectV2')) bench.github.model.put({ ...record, closed: true });
    const { report } = await run(CLASSIC);
    expect(aboutGitHub(report)).to.deep.equal(['problem board-names']);
    expect(messagesOf(report, 'board-names')).to.deep.equal(['The board acme/9 is closed.']);
  });

  it('takes other names of fields and options from a file', async () => {
    const options = ['Ready', 'Doing', 'In review', 'Needs attention'];
    await begin({
      fields: [
        { name: 'Status', type: 'single-select', options },
        { name: 'Priority', type: 'single-select', options: ['P0'] },
        { name: 'Branch', type: 'text' },
        { name: 'Folder', type: 'text' },
      ],
      repository: guarded,
    });
    writeFileSync(
      join(folder(), 'names.json'),
      JSON.stringify({ fields: { spec: 'Folder' }, options: { inProgress: 'Doing' } }),
    );
    expect(aboutGitHub((await run(CLASSIC, ['--settings', 'names.json'])).report)).to.deep.equal([]);
    for (const [text, words] of [
      ['{', /cannot be read/],
      ['{"fields":{"colour":"x"}}', /colour/],
      ['{"options":{"ready":"In review"}}', /same option/],
    ] as const) {
      writeFileSync(join(folder(), 'names.json'), text);
      const error = await failureOf(run(CLASSIC, ['--settings', 'names.json']));
      expect(error.name).to.equal('ValidationError');
      expect(error.message).to.match(words);
    }
  });

  describe('of the machine', () => {
    const bin = (name: string, script: string) => {
      const path = join(folder(), 'bin');
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(path, name), 0o755);
      return path;
    };
    const look = async (words: readonly string[], env: Record<string, string> = {}) => {
      const { code, printed } = await runCommand(doctor, [...words, '--json'], { cwd: folder(), env });
      const report = doctorReportSchema.parse(JSON.parse(printed));
      return { code, report, of: (check: string) => report.findings.filter((finding) => finding.check === check) };
    };

    it('tells a git that is too old, or not there, with exit code 4', async () => {
      const gitOf = (version: string) => bin('git', `echo "git version ${version}"`);
      const path = gitOf('2.25.1');
      const old = await look([], { PATH: `${path}:${process.env.PATH}` });
      expect(old.code).to.equal(4);
      expect(old.of('git-version')[0]).to.include({ status: 'problem', message: 'git 2.25.1 is too old.' });
      expect(
        (await look([], { PATH: `${gitOf('2.31.8')}:${process.env.PATH}` })).of('git-version')[0]?.status,
      ).to.equal('problem');
      const none = await look([], { PATH: join(folder(), 'nowhere') });
      expect(none.of('git-version')[0]?.message).to.match(/not found/);
    });

    it('takes a missing kiro-cli for a problem only when it is what is to be used', async () => {
      const unasked = await look([]);
      expect(unasked.of('agent')[0]?.status).to.equal('warning');
      expect(unasked.code).to.equal(0);
      const asked = await look(['--agent', 'kiro-cli']);
      expect(
        asked
          .of('agent')
          .concat(asked.of('agent-key'))
          .map(({ status }) => status),
      ).to.deep.equal(['problem', 'problem']);
      const path = bin('kiro-cli', 'echo "kiro-cli 1.2.3"');
      const there = await look(['--agent', 'kiro-cli'], {
        PATH: `${path}:${process.env.PATH}`,
        KIRO_API_KEY: 'ksk_planted123',
      });
      expect(there.of('agent')[0]).to.include({ status: 'good', message: 'kiro-cli 1.2.3.' });
      expect(JSON.stringify(there.report)).to.not.include('ksk_planted');
    });

    it('looks for the program of a command, quoted or not, and leaves shell alone', async () => {
      const path = bin('my agent', 'true');
      for (const command of [
        `'${path}/my agent' --fast`,
        `"${path}/my agent"`,
        'node x.js',
        'A=1 node x.js',
        'cd x && y',
      ])
        expect((await look(['--agent', command])).of('agent')[0]?.status, command).to.equal('good');
      for (const command of ['no-such-agent', `'${path}/other' x`])
        expect((await look(['--agent', command])).of('agent')[0]?.status, command).to.equal('problem');
    });
  });

  it('prints for people what it prints for scripts, and says how to look further', async () => {
    const { printed } = await runCommand(doctor, ['--agent', 'no-such-agent'], { cwd: folder() });
    expect(printed).to.match(/^This machine\n {2}✓ Node\.js /);
    expect(printed).to.match(/✗ The agent's program no-such-agent was not found\.\n {6}Install it/);
    expect(printed).to.match(/1 problem, \d warnings?\. To have GitHub looked at, too: --board/);
  });

  it('takes the credential from a pipe, also when it comes late', () => {
    const reads = join(projectRoot(), 'dist', 'cli', 'github', 'read-credential.js');
    const script = `process.stdout.write(require(${JSON.stringify(reads)}).findCredential({ options: { 'token-file': '/dev/stdin' } }, { cwd: '/', env: {} }).text)`;
    const piped = spawnSync('sh', ['-c', '(sleep 0.3; printf %s "$SECRET") | "$NODE" -e "$SCRIPT"'], {
      env: { PATH: process.env.PATH, NODE: process.execPath, SCRIPT: script, SECRET: CLASSIC },
      encoding: 'utf8',
    });
    expect(piped.stdout, piped.stderr).to.equal(CLASSIC);
  });

  it('refuses a board file, and a board without repositories', async () => {
    await begin();
    expect((await failureOf(runCommand(doctor, ['--board', 'board.json']))).message).to.match(/boards on GitHub/);
    const env = { GITHUB_API_URL: world.bench?.github.apiUrl ?? '', GITHUB_TOKEN: CLASSIC };
    const error = await failureOf(runCommand(doctor, ['--board', 'github:acme/9'], { env }));
    expect(error.message).to.match(/--repo is missing/);
    expect((await failureOf(run(null))).message).to.match(/no token for GitHub/);
    expect((await failureOf(run(CLASSIC, [], { GITHUB_API_URL: 'http://x.example' }))).name).to.equal(
      'ValidationError',
    );
    expect((await failureOf(run(null, ['--token-file', 'none']))).message).to.match(/cannot be read: ENOENT/);
  });

  it('has its checks explained in the guide', () => {
    const guide = readFileSync(join(projectRoot(), 'docs', 'guides', 'doctor.md'), 'utf8');
    const source = ['check-machine', 'check-token', 'check-board', 'check-repository']
      .map((name) => readFileSync(join(projectRoot(), 'cli', 'doctor', `${name}.ts`), 'utf8'))
      .join('\n');
    const checks = new Set(
      [...source.matchAll(/(?:good|warning|problem|failed|say)\(\s*'([a-z-]+)'/g)].map(([, check]) => check),
    );
    expect(checks.size).to.be.greaterThan(15);
    for (const check of checks) expect(guide).to.include(`\`${check}\``);
  });
});
