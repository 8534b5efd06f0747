import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runProgram } from '../../../adapters/process/run-program';
import type { CoverageTotals } from '../../../domain/coverage';
import { projectRoot } from '../../../local/project-root';
import { read, report, totalsOf } from '../../support/report-sources';
import { temporaryFolder } from '../../support/temporary-folder';

const program = `
exports.sign = (n) => (n < 0 ? 'minus' : n > 0 ? 'plus' : 'zero');
exports.never = function never() { const a = 1; return a + 1; };
exports.both = (a, b) => { if (a && b) { return 1; } else if (a || b) { return 2; } return 3; };
class Box { get full() { return true; } static make() { return new Box(); } }
exports.Box = Box;
`;
const other = `module.exports = (x) => { try { return JSON.parse(x); } catch { return null; } };\n`;
const check = `
const { sign, both, Box } = require('./src/program.js');
const parse = require('./src/other file.js');
sign(1); sign(-1); both(true, true); both(true, false); Box.make(); parse('{');
`;

describe('coverage reports of tools that run now', () => {
  const folder = temporaryFolder();
  const run = async (args: readonly string[]): Promise<void> => {
    const end = await runProgram({
      command: process.execPath,
      args,
      cwd: folder(),
      env: { PATH: process.env.PATH ?? '' },
      timeoutSeconds: 60,
    });
    if (end.exitCode !== 0) throw new Error(end.stdout + end.stderr);
  };
  const write = (name: string, text: string) => writeFileSync(join(folder(), name), text);
  const totalsIn = async (name: string): Promise<CoverageTotals> =>
    totalsOf(await read([report(readFileSync(join(folder(), name)), name, folder())])).totals;
  beforeEach(() => {
    mkdirSync(join(folder(), 'src'));
    write('src/program.js', program);
    write('src/other file.js', other);
  });

  it('say the same in all three of nyc', async () => {
    write('check.js', check);
    const reporters = ['json', 'json-summary', 'lcovonly'].flatMap((name) => ['--reporter', name]);
    await run([
      join(projectRoot(), 'node_modules/nyc/bin/nyc.js'),
      ...reporters,
      '--include',
      'src/**',
      'node',
      'check.js',
    ]);
    const reported = JSON.parse(readFileSync(join(folder(), 'coverage/coverage-summary.json'), 'utf8')).total;
    const of = ({ covered, total }: { covered: number; total: number }) => ({ covered, total });
    const expected: CoverageTotals = {
      lines: of(reported.lines),
      branches: of(reported.branches),
      functions: of(reported.functions),
      statements: of(reported.statements),
    };
    expect(expected.branches?.covered).to.be.within(1, (expected.branches?.total ?? 0) - 1);
    expect(await totalsIn('coverage/coverage-summary.json')).to.deep.equal(expected);
    expect(await totalsIn('coverage/coverage-final.json')).to.deep.equal(expected);
    expect(await totalsIn('coverage/lcov.info')).to.deep.equal({ ...expected, statements: null });
  });

  it("are read from Node's own test runner", async () => {
    write('check.test.js', `const { test } = require('node:test');\ntest('all', () => {${check}});\n`);
    await run([
      '--test',
      '--experimental-test-coverage',
      '--test-reporter=lcov',
      '--test-reporter-destination=lcov.info',
      'check.test.js',
    ]);
    const report = readFileSync(join(folder(), 'lcov.info'), 'utf8');
    const sum = (record: string) =>
      [...report.matchAll(new RegExp(`^${record}:(\\d+)$`, 'gm'))].reduce((all, [, count]) => all + Number(count), 0);
    const totals = await totalsIn('lcov.info');
    expect(totals.lines).to.deep.equal({ covered: sum('LH'), total: sum('LF') });
    expect(totals.branches).to.deep.equal({ covered: sum('BRH'), total: sum('BRF') });
    expect(totals.functions).to.deep.equal({ covered: sum('FNH'), total: sum('FNF') });
    expect(totals.lines.total).to.be.greaterThan(5);
  });
});
