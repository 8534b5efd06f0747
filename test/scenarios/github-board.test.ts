import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { doctorReportSchema } from '../../cli/doctor/finding';
import type { GitHubSeed } from '../../local/github/seed';
import { type Report, reportSchema } from '../../local/report/report';
import { git } from '../local/github/github-fixture';
import { makeApp } from '../support/github-app';
import { type GitHubProcess, startGitHubProcess } from '../support/github-process';
import { temporaryFolder } from '../support/temporary-folder';
import { type CliEnd, runCli } from './support/run-cli';
import { bareProject, makeProject, meanWork, specFiles, writeAgent } from './support/small-repositories';

const TOKEN = `ghp_${'Q7w8E9r0'.repeat(4)}abcd`;
const SPEC = specFiles('mean', ['give the mean of numbers']);
const WORK = { 'mean/1': meanWork };

type Owner = { readonly login: string; readonly kind: 'organization' | 'user' };

type Rules = NonNullable<NonNullable<GitHubSeed['repositories']>[number]['rules']>;

const seedOf = (path: string, { login, kind }: Owner, rules: Rules): GitHubSeed => ({
  owners: [{ login, kind }],
  repositories: [
    {
      nameWithOwner: `${login}/shop`,
      path,
      protectedBranches: ['main'],
      rules,
      issues: [
        { number: 4, title: 'Do mean', linkedBranches: ['feature/mean'] },
        { number: 5, title: 'Wait for it', blockedBy: [4] },
        { number: 6, title: 'Later' },
      ],
    },
  ],
  boards: [
    {
      owner: login,
      number: 12,
      title: 'Work',
      fields: [
        {
          name: 'Status',
          type: 'single-select',
          options: ['Backlog', 'Ready', 'In progress', 'In review', 'Needs attention', 'Done'],
        },
        { name: 'Priority', type: 'single-select', options: ['P0', 'P1'] },
        { name: 'Branch', type: 'text' },
        { name: 'Spec', type: 'text' },
      ],
      items: [
        { type: 'issue', repository: `${login}/shop`, number: 5, values: { Status: 'Ready', Priority: 'P0' } },
        { type: 'issue', repository: `${login}/shop`, number: 4, values: { Status: 'Ready', Priority: 'P1' } },
        { type: 'issue', repository: `${login}/shop`, number: 6, values: { Status: 'Backlog' } },
        { type: 'redacted', key: 'hidden', values: { Status: 'Ready' } },
        { type: 'draft-issue', title: 'Old', archived: true, values: { Status: 'Ready' } },
      ],
    },
  ],
});

describe('kiro-worker run --board github:OWNER/NUMBER', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const { app, secret, privateKey } = makeApp([{ id: 3, account: 'acme' }]);
  const running: { github?: GitHubProcess } = {};
  afterEach(async () => {
    await running.github?.close();
    delete running.github;
  });

  /** A GitHub in another process, with a board and a repository. */
  const begin = async (owner: Owner, rules: Rules = []) => {
    const work = await makeProject(join(folder(), 'work'), bareProject, { 'feature/mean': SPEC });
    const bare = join(folder(), 'shop.git');
    await git(folder(), 'clone', '-q', '--bare', work, bare);
    const tokens = [{ token: TOKEN, login: 'worker', canWrite: true }];
    const github = await startGitHubProcess({
      options: { stateFolder: join(folder(), 'github'), tokens, apps: [app] },
      seed: seedOf(bare, owner, rules),
    });
    running.github = github;
    const agent = writeAgent(join(folder(), 'agent'), WORK);
    const run = (args: readonly string[], more: Record<string, string> = { GITHUB_TOKEN: TOKEN }): Promise<CliEnd> => {
      const none = { GITHUB_TOKEN: '', GITHUB_TOKEN_FILE: '', GITHUB_SERVER_URL: '', GITHUB_GRAPHQL_URL: '' };
      const env = { ...none, GITHUB_API_URL: github.url, ...more };
      const board = ['--board', `github:${owner.login}/12`, '--repo', `${owner.login}/shop`];
      return runCli(['run', ...board, '--agent', agent, '--json', 'report.json', ...args], {
        cwd: folder(),
        env,
      });
    };
    const report = (): Report => reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'report.json'), 'utf8')));
    const other = (words: readonly string[], more: Record<string, string> = {}): Promise<CliEnd> => {
      const env = { GITHUB_TOKEN: TOKEN, GITHUB_TOKEN_FILE: '', ...more };
      return runCli(words, { cwd: folder(), env });
    };
    return { bare, github, run, report, other };
  };
  const textsIn = (name: string): readonly string[] =>
    readdirSync(join(folder(), name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  const outcomes = ({ items }: Report) =>
    Object.fromEntries(items.map(({ number, outcome, reason }) => [number, [outcome, reason?.code ?? null]]));

  it('brings an item of an organisation’s board to a pull request: pushed, shown, linked branch, one by one', async () => {
    const { bare, github, run, report } = await begin({ login: 'acme', kind: 'organization' });
    const end = await run(['--publish']);
    expect(outcomes(report()), end.stdout + end.stderr).to.deep.equal({
      0: ['refused', 'Redacted'],
      4: ['green', null],
      5: ['refused', 'Blocked'],
    });
    expect(end.code, 'not every ready item is green').to.equal(3);
    const [pull] = await github.records('PullRequest');
    expect(pull).to.include({ headRefName: 'feature/mean', baseRefName: 'main', isDraft: false, author: 'worker' });
    const item = report().items.find(({ number }) => number === 4);
    expect(item).to.deep.include({ status: 'In review', branch: 'feature/mean' });
    expect(item?.pullRequest?.url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/acme\/shop\/pull\/\d+$/);
    expect(await git(bare, 'log', '--format=%s', 'main..feature/mean')).to.match(/mean/);
    expect(await git(bare, 'show', 'feature/mean:.kiro/specs/mean/tasks.md')).to.match(/\[x\] 1\./);
    const writes = (await github.requests()).filter(({ operations }) =>
      /^(?:Set|Create|Add|Update|Mark)/.test(operations[0] ?? ''),
    );
    expect(writes.length).to.be.greaterThan(2);
  });

  it('writes nothing to GitHub without --publish, and works on a user’s board', async () => {
    const { bare, github, run, report } = await begin({ login: 'mona', kind: 'user' });
    const before = await git(bare, 'for-each-ref');
    const end = await run([]);
    const item = report().items.find(({ number }) => number === 4);
    expect(item, end.stdout + end.stderr).to.deep.include({ outcome: 'green', status: 'Ready', pullRequest: null });
    expect(item?.commits).to.have.length(1);
    expect(end.stdout).to.match(/dry run: nothing was written to GitHub/);
    const [, preview = ''] = /The pull request as it would be: (.*)$/m.exec(end.stdout) ?? [];
    expect(readFileSync(preview, 'utf8'))
      .to.match(/^# Do mean \(#4\)\n\nAs a pull request from `feature\/mean` into `main` of mona\/shop\./)
      .and.match(/ready for review/);
    expect(end.stdout)
      .to.match(/\(not visible\)/)
      .and.not.match(/#0/);
    expect(report().items.map(({ number }) => number)).to.have.members([4, 5, 0]);
    expect(await git(bare, 'for-each-ref')).to.equal(before);
    expect(await github.records('PullRequest')).to.deep.equal([]);
    expect(await github.records('IssueComment')).to.deep.equal([]);
    const operations = (await github.requests()).flatMap((request) => request.operations);
    expect(operations.filter((name) => /receive-pack|^(?:Set|Create|Add|Update)[A-Z]/.test(name))).to.deep.equal([]);
    expect(operations).to.include('git-upload-pack');
    expect(
      operations.filter((name) => name === 'BoardItems'),
      'the board is read once',
    ).to.have.length(1);
  });

  it('takes the token from a file, and leaves it in no file of its own, no output and no command line', async () => {
    const { run } = await begin({ login: 'acme', kind: 'organization' });
    writeFileSync(join(folder(), 'token'), `${TOKEN}\n`, { mode: 0o600 });
    const end = await run(['--token-file', 'token', '--publish'], {});
    expect(end.code, end.stderr).to.equal(3);
    expect(end.stdout + end.stderr).to.not.include(TOKEN);
    const forms = [TOKEN, Buffer.from(`x-access-token:${TOKEN}`).toString('base64')];
    const texts = textsIn('.kiro-worker');
    expect(texts.length).to.be.greaterThan(10);
    expect(texts.filter((text) => forms.some((form) => text.includes(form)))).to.deep.equal([]);
  });

  it('works as a GitHub App whose key is in the secret, for the board and for git', async () => {
    const { bare, github, run, report } = await begin({ login: 'acme', kind: 'organization' });
    const end = await run(['--publish'], { GITHUB_TOKEN: secret() });
    expect(outcomes(report())[4], end.stdout + end.stderr).to.deep.equal(['green', null]);
    expect((await github.records('PullRequest'))[0]).to.include({ author: 'kiro-worker[bot]' });
    expect(await git(bare, 'log', '--format=%s', 'main..feature/mean')).to.match(/mean/);
    const kept = textsIn('.kiro-worker').join('') + end.stdout + end.stderr;
    expect(kept)
      .to.not.include(privateKey.split('\n')[1])
      .and.not.match(/ghs_[A-Za-z0-9]{20}/);
  });

  it('refuses an item whose branch has rules against the worker’s push, before anything is spent', async () => {
    const signed = [{ type: 'required_signatures' as const, branches: 'feature/*' }];
    const { github, run, report } = await begin({ login: 'acme', kind: 'organization' }, signed);
    const end = await run(['--publish']);
    expect(outcomes(report())[4], end.stdout + end.stderr).to.deep.equal(['refused', 'SignedCommitsRequired']);
    expect(end.stdout).to.match(/requires signed commits/);
    const operations = (await github.requests()).flatMap((request) => request.operations);
    expect(operations).to.not.include('git-upload-pack');
  });

  it('dead-letters what fails, and redrives it on the same GitHub once it is mended', async () => {
    const { github, run, report, other } = await begin({ login: 'acme', kind: 'organization' });
    rmSync(join(folder(), 'agent', 'work'), { recursive: true });
    const end = await run(['--publish']);
    const item = report().items.find(({ number }) => number === 4);
    expect(item, end.stdout + end.stderr).to.deep.include({ outcome: 'failed', status: 'Needs attention' });
    expect(item?.reason?.code).to.equal('AgentDidNothing');
    const comments = await github.records('IssueComment');
    expect(comments.map(({ body }) => body).join()).to.match(/AgentDidNothing/);
    const [id = ''] = item?.deadLetters ?? [];
    expect((await other(['dlq', 'show', id])).stdout).to.match(/AgentDidNothing/);
    expect((await other(['board', 'move', '4', 'Ready'])).stderr).to.match(/This board is on GitHub/);
    writeAgent(join(folder(), 'agent'), WORK);
    const redriven = await other(['dlq', 'redrive', id, '--json']);
    const { redriven: again } = JSON.parse(redriven.stdout) as { redriven: readonly { ended: string }[] };
    expect(
      again.map(({ ended }) => ended),
      redriven.stderr,
    ).to.deep.equal(['green']);
    expect((await github.records('PullRequest'))[0]).to.include({ headRefName: 'feature/mean', isDraft: false });
  });

  for (const [what, fault, code] of [
    ['a used-up limit', { kind: 'rate-limit', status: 200, operation: 'BoardItems' }, 'RateLimited'],
    ['a GitHub that cannot answer', { kind: 'unavailable', status: 502, operation: 'BoardItems' }, 'GitHubUnavailable'],
  ] as const)
    it(`ends a tick at ${what} with exit code 5, and leaves a receipt`, async () => {
      const { github, run } = await begin({ login: 'acme', kind: 'organization' });
      await github.fault(fault);
      const end = await run(['--publish']);
      expect(end.code, end.stdout).to.equal(5);
      expect(end.stderr).to.match(new RegExp(`${code}: GitHub`));
      expect(
        textsIn('.kiro-worker').some((text) => /"outcome":"(?:rate-limited|github-unavailable)"/.test(text)),
      ).to.equal(true);
    });

  it('is looked at by the doctor first, which prints its report for scripts', async () => {
    const { github, other } = await begin({ login: 'acme', kind: 'organization' });
    const place = ['--board', 'github:acme/12', '--repo', 'acme/shop', '--agent', 'true', '--json'];
    const at = { GITHUB_API_URL: github.url, GITHUB_SERVER_URL: '', GITHUB_GRAPHQL_URL: '' };
    const healthy = await other(['doctor', ...place], at);
    const report = doctorReportSchema.parse(JSON.parse(healthy.stdout));
    expect(report.problems, healthy.stdout + healthy.stderr).to.equal(0);
    expect(healthy.code).to.equal(0);
    const refused = await other(['doctor', ...place], { ...at, GITHUB_TOKEN: 'ghp_wrongwrongwrongwrong' });
    expect(refused.code).to.equal(5);
    expect(doctorReportSchema.parse(JSON.parse(refused.stdout)).problems).to.equal(1);
  });

  const refusals: readonly (readonly [string, readonly string[], Record<string, string>, number, RegExp])[] = [
    ['no token', [], {}, 2, /no token for GitHub/],
    [
      'a token that GitHub does not know',
      [],
      { GITHUB_TOKEN: 'ghp_wrongwrongwrongwrong' },
      5,
      /AuthenticationFailed: GitHub refused the token/,
    ],
    [
      'a board that is not there',
      ['--board', 'github:acme/99'],
      { GITHUB_TOKEN: TOKEN },
      5,
      /sees no such board as acme\/99/,
    ],
    ['an address that is none', ['--board', 'github:acme'], { GITHUB_TOKEN: TOKEN }, 2, /names no board on GitHub/],
    ['an owner that is not there', ['--board', 'github:nobody/1'], { GITHUB_TOKEN: TOKEN }, 5, /no account "nobody"/],
    ['a repository that is none', ['--repo', '../shop'], { GITHUB_TOKEN: TOKEN }, 2, /is no repository on GitHub/],
    [
      'an API in clear',
      [],
      { GITHUB_TOKEN: TOKEN, GITHUB_API_URL: 'http://github.example/api' },
      2,
      /credential would travel in clear/,
    ],
  ];
  it('refuses what cannot work before anything starts, and says what to do', async () => {
    const { run } = await begin({ login: 'acme', kind: 'organization' });
    for (const [what, args, env, code, words] of refusals) {
      const end = await run(args, env);
      expect(end.code, `${what}: ${end.stderr}`).to.equal(code);
      expect(end.stderr, what).to.match(words);
    }
    expect(readdirSync(folder())).to.not.include('.kiro-worker');
  });
});
