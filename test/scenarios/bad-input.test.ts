import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type Report, reportSchema } from '../../local/report/report';
import { git } from '../local/github/github-fixture';
import { temporaryFolder } from '../support/temporary-folder';
import { type CliEnd, runCli } from './support/run-cli';
import {
  bareProject,
  bareTest,
  type Files,
  makeProject,
  meanWork,
  specFiles,
  writeAgent,
  writeBoard,
} from './support/small-repositories';

describe('kiro-worker run, given bad input', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const cli = (args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<CliEnd> =>
    runCli(args, { cwd: folder(), env: variables });
  const project = (branches: Readonly<Record<string, Files>> = {}, files: Files = bareProject) =>
    makeProject(join(folder(), 'shop'), files, branches);
  const board = (...items: readonly object[]) => writeBoard(join(folder(), 'board.json'), items);
  const readReport = (): Report => reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'report.json'), 'utf8')));

  it('names what is missing or wrong on the command line, with 2, and starts nothing', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['run', '--board', 'b.json', '--agent', 'true'], /--repo is missing[\s\S]*Usage: kiro-worker run/],
      [['run', '--repo', '.', '--board', 'b.json', '--agent', ''], /--agent is missing/],
      [['run', '--repo', '.', '--bord', 'b.json'], /Unknown option '--bord'/],
      [['run', '--repo', 'nowhere', '--board', board(), '--agent', 'true'], /nowhere does not exist/],
      [
        ['run', '--repo', '.', '--board', 'nowhere.json', '--agent', 'true'],
        /BoardFileInvalid.*nowhere\.json does not exist\./,
      ],
      [['run', '--repo', '.', '--board', board(), '--agent', 'true', '--port', '99999'], /"99999" is not a port/],
      [['dlq', 'list', '--env', 'prod'], /There is no environment "prod"\. Use one of: test, /],
      [['board', 'move', '1', 'Ready'], /There is no local state/],
      [['fly'], /there is no command "fly"/],
      [['dlq'], /there is no command "dlq"[\s\S]*dlq show(?![\s\S]*local reset)/],
      [['dlq', 'redrive'], /Name one dead letter, or --all\./],
      [['dlq', 'list', '--state', 'typo'], /There is no local state in .*typo\..*--state/],
      [['dlq', 'list'], /There is no local state/],
      [['dlq', 'show', 'x'], /There is no local state/],
      [['dlq', 'redrive', '--all'], /There is no local state/],
    ];
    for (const [args, message] of cases) {
      const end = await cli(args);
      expect(end.code, `${args.join(' ')}\n${end.stderr}`).to.equal(2);
      expect(end.stderr).to.match(message);
    }
    expect(existsSync(join(folder(), '.kiro-worker'))).to.equal(false);
  });

  it('gives help for one command and for those that begin alike, and its version', async () => {
    const told = async (...args: string[]) => {
      const { code, stdout } = await cli(args);
      expect(code, args.join(' ')).to.equal(0);
      return stdout;
    };
    expect(await told('dlq', '--help'))
      .to.match(/dlq list/)
      .and.not.match(/local reset/);
    expect(await told('start', '--help')).to.match(/^Runs the whole pipeline[^\n]*\n\nUsage: kiro-worker start/);
    expect(await told('--version')).to.match(/^\d+\.\d+\.\d+\n$/);
    expect(await told('help')).to.equal(await told());
  });

  it('refuses a board file with unknown fields, and names each', async () => {
    writeFileSync(
      join(folder(), 'board.json'),
      JSON.stringify({ version: 1, colour: 'red', items: [{ title: 'a', brunch: 'x', priority: 'Huge' }] }),
    );
    const end = await cli(['run', '--repo', await project(), '--board', 'board.json', '--agent', 'true', '--json']);
    expect(end.code).to.equal(2);
    expect(JSON.parse(end.stdout).error).to.include({ code: 'BoardFileInvalid' });
    expect(end.stderr)
      .to.match(/"colour"/)
      .and.to.match(/"brunch"/);
  });

  it('says which program or folder the machine lacks, with 4', async () => {
    const repository = await project();
    const bare = join(folder(), 'bin');
    mkdirSync(bare);
    symlinkSync(process.execPath, join(bare, 'node'));
    const noGit = await cli(['run', '--repo', repository, '--board', board(), '--agent', 'true'], { PATH: bare });
    expect(noGit.code, noGit.stderr).to.equal(4);
    expect(noGit.stderr).to.match(/GitMissing.*Install git/);

    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const taken = await cli([
      'run',
      '--repo',
      repository,
      '--board',
      board(),
      '--agent',
      'true',
      '--port',
      String(port),
    ]);
    server.close();
    expect(taken.code, taken.stderr).to.equal(4);
    expect(taken.stderr).to.match(new RegExp(`PortInUse.*Port ${port} is in use.*--port`));
  });

  it('works on an empty board, and refuses an empty repository', async () => {
    const args = ['run', '--repo', await project(), '--board', board(), '--agent', 'true', '--json', 'report.json'];
    const end = await cli(args);
    expect(end.code, end.stderr).to.equal(0);
    expect(end.stdout).to.match(/0 items, 1 tick, /);
    const empty = join(folder(), 'empty');
    await git(folder(), 'init', '-q', empty);
    const refused = await cli(['run', '--repo', empty, '--board', board(), '--agent', 'true']);
    expect(refused.code).to.equal(3);
    expect(refused.stderr).to.match(/RepositoryEmpty/);
  });

  it('gives each hopeless item its own reason, and loses none', async () => {
    const many = ['# Plan', ...Array.from({ length: 2000 }, (_, index) => `- [ ] ${index + 1}. Task`)].join('\n');
    const repository = await project({
      'feature/nospec': { 'note.txt': 'nothing here' },
      'feature/notasks': { '.kiro/specs/notasks/requirements.md': '# R', '.kiro/specs/notasks/tasks.md': '# none\n' },
      'feature/many': { '.kiro/specs/many/requirements.md': '# R', '.kiro/specs/many/tasks.md': many },
      'feature/lost': { '.kiro/specs/lost/tasks.md': '- [ ] 1. x\n' },
    });
    const item = (title: string, branch: string, more: object = {}) => ({ title, branch, ...more });
    const items = [
      item('a', 'feature/nospec'),
      item('b', 'feature/notasks'),
      item('c', 'feature/many'),
      item('d', 'feature/lost'),
      item('e', 'feature/gone'),
      item('f', 'main'),
      item('g', 'feature/../main'),
      item('h', 'feature/with space'),
      item('i', 'feature/nospec', { spec: '../outside' }),
      { title: 'j', kind: 'draft' },
      item('k', 'feature/nospec', { state: 'closed' }),
      item('l', 'feature/nospec', { status: 'Done' }),
    ];
    const end = await cli([
      'run',
      '--repo',
      repository,
      '--board',
      board(...items),
      '--agent',
      'true',
      '--json',
      'report.json',
    ]);
    expect(end.code, end.stderr).to.equal(3);
    const told = readReport().items.map(({ title, outcome, reason }) => `${title} ${outcome} ${reason?.code ?? ''}`);
    expect(told).to.deep.equal([
      'a failed SpecMissing',
      'b failed SpecInvalid',
      'c failed SpecInvalid',
      'd failed SpecMissing',
      'e failed BranchNotFound',
      'f refused BranchForbidden',
      'g refused BranchInvalid',
      'h refused BranchInvalid',
      'i refused SpecPathInvalid',
      'j refused DraftIssue',
      'k refused IssueClosed',
      'l untouched ',
    ]);
    expect(readReport().items[3]?.reason?.message).to.match(/requirements\.md/);
    const list = JSON.parse((await cli(['dlq', 'list', '--json'])).stdout) as { deadLetters: { id: string }[] };
    expect(list.deadLetters).to.have.length(5);
    const show = await cli(['dlq', 'show', list.deadLetters[0]?.id ?? '']);
    expect(show.stdout).to.match(/why +\w+: /);
    const listed = await cli(['dlq', 'list', '--state', '.kiro-worker']);
    expect(listed.stdout)
      .to.match(/#5 e +Checkout .* BranchNotFound: .*feature\/gone/)
      .and.match(/npx kiro-worker dlq redrive ID --state \.kiro-worker\n/);
    const wrongNumber = await cli(['board', 'move', '99', 'Ready']);
    expect(wrongNumber.stderr).to.match(/The board has no item 99\. Statuses: Ready, .*Items: 1 \(Needs attention\)/);
    const wrongStatus = await cli(['board', 'move', '1', 'Redy']);
    expect(wrongStatus.stderr).to.match(/The board has no status "Redy"\./);
  });

  it('shows what people have written on the board, and hands no command in it on to the terminal', async () => {
    const hostile = '\x1b]0;own\x07\x1b[31mred\x1b[0m\u009b2J\u202e\r\nnext \ud800';
    const items = [
      { title: hostile, branch: 'feature/gone' },
      { title: hostile, branch: 'feature/\x1b[2Jx' },
    ];
    const args = ['run', '--repo', await project(), '--board', board(...items), '--agent', 'true'];
    const shown: string[] = [];
    for (const words of [args, ['ticks'], ['explain', '1'], ['dlq', 'list'], ['dlq', 'redrive', '--all']]) {
      const { stdout, stderr } = await cli(words);
      shown.push(stdout + stderr);
    }
    const { deadLetters } = JSON.parse((await cli(['dlq', 'list', '--json'])).stdout) as {
      deadLetters: { id: string }[];
    };
    shown.push((await cli(['dlq', 'show', deadLetters[0]?.id ?? ''])).stdout);
    expect(shown.join('')).to.not.match(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    for (const at of [0, 2, 3, 4, 5]) expect(shown[at], `${at}`).to.contain('red next');
    writeFileSync(join(folder(), 'odd.json'), '\x1b[31m{}');
    const odd = await cli(['run', '--repo', 'shop', '--board', 'odd.json', '--agent', 'true']);
    expect(odd.stderr)
      .to.match(/BoardFileInvalid/)
      .and.not.match(/(?!\n)\p{Cc}/u);
  });

  it('tells agents and tests that misbehave apart', async () => {
    const settings = `version: 1\ntest:\n  command: echo testing; test -e hang && sleep 90; ${bareTest}\n  timeoutMinutes: 0.3\nagent:\n  stallMinutes: 0.1\ncoverage:\n  reports: [coverage/lcov.info]\n`;
    const files = { ...bareProject, 'kiro-worker.yml': settings };
    const names = ['hangs', 'testhangs', 'deletes', 'protected'];
    const repository = await project(
      Object.fromEntries(names.map((name) => [`feature/${name}`, specFiles(name, ['do it'])])),
      files,
    );
    const work = writeAgent(join(folder(), 'agent'), {
      'testhangs/1': { hang: '' },
      'deletes/1': meanWork,
      'protected/1': { '.github/workflows/ci.yml': 'on: push\n', ...meanWork },
    });
    const agent = `case "$KIRO_WORKER_SPEC_PATH" in *hangs) test "$KIRO_WORKER_SPEC_PATH" = .kiro/specs/hangs && sleep 60;; *deletes) rm -rf .git;; esac; ${work}`;
    const items = names.map((name) => ({ title: name, branch: `feature/${name}` }));
    const end = await cli([
      'run',
      '--repo',
      repository,
      '--board',
      board(...items),
      '--agent',
      agent,
      '--json',
      'report.json',
    ]);
    expect(end.code, end.stderr).to.equal(3);
    const told = Object.fromEntries(
      readReport().items.map(({ title, outcome, reason }) => [title, `${outcome} ${reason?.code ?? ''}`.trim()]),
    );
    expect(told).to.deep.equal({
      hangs: 'failed AgentStalled',
      testhangs: 'red TestsTimedOut',
      deletes: 'green',
      protected: 'red ProtectedPathChanged',
    });
    const { deadLetters } = JSON.parse((await cli(['dlq', 'list', '--json'])).stdout) as {
      deadLetters: { id: string }[];
    };
    const show = await cli(['dlq', 'show', deadLetters[0]?.id ?? '']);
    const log = /^log +tests-before\.log: (.+)$/m.exec(show.stdout)?.[1] ?? '';
    expect(readFileSync(log, 'utf8')).to.match(/testing/);
    expect(await git(repository, 'diff', '--name-only', 'main', 'feature/protected')).to.not.match(/\.github/);
  });

  it('refuses unknown settings, and a coverage report of 0 bytes is red', async () => {
    const repository = await project(
      { 'feature/x': specFiles('x', ['do it']) },
      { ...bareProject, 'kiro-worker.yml': 'version: 1\ntest:\n  comand: npm test\n' },
    );
    const agent = writeAgent(join(folder(), 'agent'), { 'x/1': meanWork });
    const args = [
      'run',
      '--repo',
      repository,
      '--board',
      board({ title: 'x', branch: 'feature/x' }),
      '--agent',
      agent,
      '--json',
      'report.json',
    ];
    expect((await cli(args)).code).to.equal(3);
    expect(readReport().items[0]?.reason).to.include({ code: 'SettingsInvalid' });
    expect(readReport().items[0]?.reason?.message).to.match(/comand/);

    writeFileSync(
      join(repository, 'kiro-worker.yml'),
      'version: 1\ntest:\n  command: mkdir -p coverage && cp /dev/null coverage/coverage-summary.json\n',
    );
    await git(repository, 'commit', '-qam', 'settings');
    await cli(['board', 'move', '1', 'Ready']);
    expect((await cli(args)).code).to.equal(3);
    expect(readReport().items[0]).to.deep.include({ outcome: 'red' });
    expect(readReport().items[0]?.reason?.code).to.match(/^Coverage(Empty|Malformed)$/);
  });

  it('names the branch that is checked out, with 2', async () => {
    const repository = await project({ 'feature/x': specFiles('x', ['do it']) });
    await git(repository, 'switch', '-q', 'feature/x');
    const end = await cli([
      'run',
      '--repo',
      repository,
      '--board',
      board({ title: 'x', branch: 'feature/x' }),
      '--agent',
      'true',
    ]);
    expect(end.code).to.equal(2);
    expect(end.stderr).to.match(/BranchCheckedOut.*"feature\/x"/);
    expect(dirname(repository)).to.equal(folder());
  });
});
