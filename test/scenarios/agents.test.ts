import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { zipSync } from 'fflate';
import { type Report, reportSchema } from '../../local/report/report';
import { zipReplay } from '../../local/sample/replay-agent';
import { temporaryFolder } from '../support/temporary-folder';
import { type CliEnd, runCli } from './support/run-cli';
import { bareProject, makeProject, specFiles, writeBoard } from './support/small-repositories';

const KEY = ['ksk', 'scenario', '0123456789'].join('_');
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What the replay writes: code and a test that covers it. */
const WRITES = {
  'double.mjs': 'export const double = (n) => n * 2;\n',
  'test/double.test.mjs':
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { double } from '../double.mjs';\ntest('doubles', () => assert.equal(double(2), 4));\n",
};

describe('the Kiro CLI on one machine', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  const run = (...args: readonly string[]): Promise<CliEnd> =>
    runCli(args, { cwd: folder(), env: { KIRO_API_KEY: KEY } });
  const zip = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder(), name), bytes);
    return name;
  };

  it('works from a pinned zip, which can be listed, and another one added', async () => {
    await makeProject(join(folder(), 'repo'), bareProject, {
      'feature/double': specFiles('double', ['double numbers']),
    });
    writeBoard(join(folder(), 'board.json'), [{ title: 'Double', branch: 'feature/double' }]);
    const bytes = zipReplay({ default: { version: '2.21.2', fault: 'none', writes: WRITES } }, null);
    const first = zip('kirocli.zip', bytes);
    const end = await run(
      ...['run', '--repo', 'repo', '--board', 'board.json', '--agent', 'kiro-cli'],
      ...['--agent-zip', first, '--json', 'report.json'],
    );
    expect(end.code, end.stdout + end.stderr).to.equal(0);
    const report: Report = reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'report.json'), 'utf8')));
    expect(report.items.map(({ outcome }) => outcome)).to.deep.equal(['green']);
    expect(end.stdout + end.stderr).not.to.contain(KEY);

    const listed = await run('agent', 'list', '--json');
    expect(listed.code, listed.stderr).to.equal(0);
    const { agents } = JSON.parse(listed.stdout) as {
      agents: readonly { sha256: string; pinned: boolean; file: string }[];
    };
    expect(agents.map(({ sha256, pinned, file }) => ({ sha256, pinned, file }))).to.deep.equal([
      { sha256: digest(bytes), pinned: true, file: 'kirocli.zip' },
    ]);

    const other = zipReplay({ default: { version: '2.37.1', fault: 'none' } }, null);
    const added = await run('agent', 'add', zip('other.zip', other));
    expect(added.code, added.stderr).to.equal(0);
    expect(added.stdout)
      .to.contain(`SHA-256 ${digest(other)}`)
      .and.to.match(/other\.zip \(.* kB, no Linux program\) is now in s3:/);
    const again = await run('agent', 'add', 'other.zip', '--json');
    expect(JSON.parse(again.stdout)).to.have.nested.property('places[0].outcome', 'already-there');
    const table = await run('agent', 'list');
    expect(table.stdout)
      .to.match(new RegExp(`${digest(bytes)} .*yes`))
      .and.to.contain(digest(other));
  });

  it('says what is wrong with what was typed, before anything is started', async () => {
    mkdirSync(join(folder(), 'repo'));
    const board = writeBoard(join(folder(), 'board.json'), [{ title: 'Double', branch: 'feature/double' }]);
    const base = ['run', '--repo', 'repo', '--board', board, '--agent'];
    const notKiro = zip('tools.zip', zipSync({ 'bin/other': new Uint8Array([1]) }));
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [[...base, 'kiro-cli', '--engine', 'v9'], /There is no engine "v9"/],
      [[...base, 'true', '--engine', 'v2'], /--engine is for the Kiro CLI alone/],
      [[...base, 'kiro-cli', '--agent-sha256', 'latest'], /"latest" is no SHA-256/],
      [[...base, 'kiro-cli', '--agent-sha256', 'a'.repeat(64), '--agent-zip', notKiro], /name two agents/],
      [[...base, 'kiro-cli', '--agent-zip', notKiro], /holds no program kiro-cli/],
      [[...base, 'kiro-cli', '--agent-zip', 'board.json'], /is no zip file/],
      [['agent', 'add', 'nowhere.zip'], /nowhere\.zip cannot be read/],
      [['agent', 'list'], /There is no local state/],
      [['agent', 'list', '--env', 'nowhere'], /There is no environment "nowhere"/],
      [['start', '--engine', 'v3'], /--engine belongs to --agent-faults/],
      [['start', '--agent-faults', '--engine', 'v1'], /There is no engine "v1"/],
    ];
    for (const [args, message] of cases) {
      const end = await run(...args);
      expect(end.code, args.join(' ') + end.stderr).to.equal(2);
      expect(end.stderr, args.join(' ')).to.match(message);
    }
    const keyless = await runCli([...base, 'kiro-cli'], { cwd: folder(), env: { KIRO_API_KEY: '' } });
    expect([keyless.code, keyless.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && text.includes('KIRO_API_KEY is not set'),
    );
  });

  it('ends every fault of engine v3 as announced', async () => {
    const end = await run('start', '--agent-faults', '--engine', 'v3');
    expect(end.code, end.stdout + end.stderr).to.equal(0);
    expect(end.stdout).to.contain('Every item ended in the class that was announced for it.');
  });
});
