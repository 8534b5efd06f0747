import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Report, reportSchema } from '../../local/report/report';
import { git } from '../local/github/github-fixture';
import { temporaryFolder } from '../support/temporary-folder';
import { type CliEnd, runCli } from './support/run-cli';
import { bareProject, type Files, makeProject, specFiles, writeAgent, writeBoard } from './support/small-repositories';

const double: Files = {
  'double.mjs': 'export const double = (n) => n * 2;\n',
  'test/double.test.mjs':
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { double } from '../double.mjs';\ntest('doubles', () => assert.equal(double(2), 4));\n",
};
const triple: Files = {
  'triple.mjs': 'export const triple = (n) => n * 3;\n',
  'test/triple.test.mjs':
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { triple } from '../triple.mjs';\ntest('triples', () => assert.equal(triple(2), 6));\n",
};

describe('kiro-worker run --steering', function () {
  this.timeout(360_000);
  const folder = temporaryFolder();
  const shop = () => join(folder(), 'shop');
  const rules = () => join(folder(), 'rules');

  const prepare = async (): Promise<void> => {
    await makeProject(
      shop(),
      { ...bareProject, '.kiro/steering/product.md': 'What we sell.\n' },
      { 'feature/double': specFiles('double', ['double numbers']) },
    );
    await git('/', 'init', '-q', '-b', 'main', rules());
  };
  /** Packs a folder and tags it. */
  const release = async (version: string, files: Files): Promise<void> => {
    for (const name of readdirSync(rules()).filter((name) => name !== '.git')) rmSync(join(rules(), name));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(rules(), name), text);
    const end = await runCli(['steering', 'pack', 'rules', '--name', 'acme', '--release', version], { cwd: folder() });
    expect(end.code, end.stderr).to.equal(0);
    await git(rules(), 'add', '-A');
    await git(rules(), 'commit', '-qm', version);
    await git(rules(), 'tag', `v${version}`);
  };
  const run = async (steering: string, ...more: readonly string[]): Promise<CliEnd & { readonly report: Report }> => {
    const agent = writeAgent(join(folder(), 'agent'), {
      'double/1': double,
      'double/2': triple,
      'double/3': { 'triple.mjs': '/** Three times. */\nexport const triple = (n) => n * 3;\n' },
    });
    const board = writeBoard(join(folder(), 'board.json'), [{ title: 'Double', branch: 'feature/double' }]);
    const args = ['run', '--repo', shop(), '--board', board, '--agent', agent, '--json', 'report.json'];
    const end = await runCli([...args, '--steering', steering, ...more], { cwd: folder() });
    expect(end.code, end.stdout + end.stderr).to.equal(0);
    const report = reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'report.json'), 'utf8')));
    return { ...end, report };
  };
  const again = async (task: string): Promise<void> => {
    await git(shop(), 'switch', '-q', 'feature/double');
    const tasks = join(shop(), '.kiro/specs/double/tasks.md');
    writeFileSync(tasks, `${readFileSync(tasks, 'utf8')}- [ ] ${task}. go on\n  - _Requirements: 1.1_\n`);
    await git(shop(), 'commit', '-qam', `task ${task}`);
    await git(shop(), 'switch', '-q', 'main');
    const moved = await runCli(['board', 'move', '1', 'Ready'], { cwd: folder() });
    expect(moved.code, moved.stderr).to.equal(0);
  };
  const titles = () => git(shop(), 'log', '--format=%s', 'main..feature/double');
  const steeringFiles = () => git(shop(), 'ls-tree', '-r', '--name-only', 'feature/double', '.kiro/steering/');
  const pullRequest = (): string => {
    const state = join(folder(), '.kiro-worker');
    const found = readdirSync(state, { recursive: true, encoding: 'utf8' }).find((path) =>
      /pull-requests\/[^/]*\.md$/.test(path),
    );
    return found ? readFileSync(join(state, found), 'utf8') : '';
  };
  const logs = (): string => {
    const state = join(folder(), '.kiro-worker');
    return readdirSync(state, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('log.txt'))
      .map((path) => readFileSync(join(state, path), 'utf8'))
      .join('\n');
  };

  it('keeps a branch in step with a package: its own commit, none when up to date, the next version with what it takes away', async () => {
    await prepare();
    await release('1.0.0', { 'security.md': 'Never print a secret.\n', 'style.md': 'Short.\n' });
    const first = await run('rules');
    expect(first.stderr).to.match(/^Steering: acme 1\.0\.0, 2 files, sha256:[0-9a-f]{64}$/m);
    expect(await titles()).to.equal('Task 1: double numbers\nSteering acme 1.0.0\nspec for feature/double');
    expect(await steeringFiles()).to.equal(
      ['product.md', 'security.md', 'steering.json', 'style.md'].map((name) => `.kiro/steering/${name}`).join('\n'),
    );
    expect(logs())
      .to.match(/steering: acme 1\.0\.0, 2 files, sha256:/)
      .and.to.match(/steering: commit [0-9a-f]{40} brings it to the branch/);
    const [item] = first.report.items;
    expect(item).to.deep.include({ outcome: 'green', status: 'In review' });
    expect(pullRequest()).to.match(/- Steering `acme 1\.0\.0` \(sha256 `[0-9a-f]{12}`\), commit [0-9a-f]{7}/);

    await again('2');
    await run(`file://${rules()}`);
    expect(await titles()).to.match(/^Task 2: go on\ntask 2\nTask 1: double numbers\nSteering acme 1\.0\.0\n/);
    expect(logs()).to.contain('steering: up to date, the branch has it already');
    expect(pullRequest()).to.contain('as on the branch');

    await release('1.1.0', { 'security.md': 'Never print a secret, never log one.\n' });
    await again('3');
    const third = await run('rules#v1.1.0');
    expect(third.stderr).to.match(/^Steering: refs\/tags\/v1\.1\.0 of .*rules is commit [0-9a-f]{40}$/m);
    expect(third.stderr).to.match(/^Steering: acme 1\.1\.0, 1 file, sha256:/m);
    expect(await titles()).to.match(/^Task 3: go on\nSteering acme 1\.1\.0\ntask 3\n/);
    expect(await git(shop(), 'show', '--format=', '--name-status', 'feature/double~1')).to.equal(
      ['M\t.kiro/steering/security.md', 'M\t.kiro/steering/steering.json', 'D\t.kiro/steering/style.md'].join('\n'),
    );
    expect(await git(shop(), 'show', 'feature/double:.kiro/steering/product.md')).to.equal('What we sell.');
    expect(logs()).to.contain('steering: acme 1.1.0 takes the place of acme 1.0.0');
  });
});
