import { expect } from 'chai';
import { requirementMatrix } from '../../../lambdas/update-pull-request/requirement-matrix';
import { buildResult, RESULT_HEAD, testRun } from '../../support/build-results';

const HOSTILE = 'x` | <img src=x> @octocat #1 [a](http://b)';

describe('requirementMatrix', () => {
  it('says nothing where the spec has no requirements', () => {
    expect(requirementMatrix(buildResult())).to.deep.equal([]);
  });

  it('leads from the requirement to the test', () => {
    const requirements = [
      {
        name: '1.1',
        title: 'WHEN added THEN shown',
        tasks: [
          { id: '1', commit: RESULT_HEAD },
          { id: '2', commit: null },
        ],
        tests: [
          { file: 'test/cart.js', title: 'shows it', by: 'named' as const },
          { file: 'test/more.js', title: null, by: 'changed' as const },
        ],
      },
      { name: '1.2', title: 'WHEN removed THEN gone', tasks: [], tests: [] },
    ];
    const open = { ...buildResult().tasks[0], id: '2', title: 'More', state: 'open' as const };
    const tasks = [...buildResult().tasks, { optional: false, requirements: [], commit: null, seconds: 0, ...open }];
    expect(requirementMatrix(buildResult({ requirements, tasks }))).to.deep.equal([
      '## Requirements',
      '',
      'Of 2 requirements, 1 has a task that is done, and 1 is named by a test of this branch.',
      '',
      '| requirement | tasks | commits | tests |',
      '|---|---|---|---|',
      '| 1.1 WHEN added THEN shown | 1, 2 (open) | 2222222 | `test/cart.js`: shows it<br>`test/more.js` (changed with the task) |',
      '| 1.2 WHEN removed THEN gone | – | – | – |',
      '',
    ]);
  });

  it('says how each test ended where the report says it, and which requirements are not proven', () => {
    const trace = (name: string, title: string | null) => ({
      name,
      title: 't',
      tasks: [{ id: '1', commit: null }],
      tests: [{ file: 'test/a.js', title, by: title === null ? ('changed' as const) : ('named' as const) }],
    });
    const file = '/srv/shop/test/a.js';
    const cases = (['failed', 'passed', 'skipped', 'flaky'] as const).map((ending) => ({
      name: ending,
      ending,
      message: '',
      file,
    }));
    const report = { total: 4, passed: 2, failed: 1, skipped: 1, cases, files: ['junit.xml'], problem: null };
    const tests = { before: testRun(), after: testRun({ report }) };
    const names = ['failed', 'passed', 'skipped', 'flaky', 'gone', null];
    const requirements = names.map((title, at) => trace(`${at}`, title));
    const lines = requirementMatrix(buildResult({ requirements, tests }));
    expect(lines.slice(2, 7)).to.deep.equal([
      'Of 6 requirements, 6 have a task that is done, and 5 are named by a test of this branch; of 1 more only a test file was changed with the task.',
      '',
      '**Tests failed** of 0, 5.',
      '',
      '**All tests were skipped** of 2.',
    ]);
    expect(lines.slice(10, 16).map((line) => line.split(' | ').at(-1))).to.deep.equal([
      '`test/a.js`: failed (**failed**) |',
      '`test/a.js`: passed (passed) |',
      '`test/a.js`: skipped (**skipped**) |',
      '`test/a.js`: flaky (**flaky**) |',
      '`test/a.js`: gone |',
      '`test/a.js` (changed with the task; 1 **failed**, 1 **flaky**, 1 **skipped**, 1 passed) |',
    ]);
  });

  it('keeps hostile text inside its cell, and shows a hundred rows at most', () => {
    const hostile = {
      name: HOSTILE,
      title: HOSTILE,
      tasks: [{ id: HOSTILE, commit: null }],
      tests: [{ file: 'a|b`.js', title: HOSTILE, by: 'named' as const }],
    };
    const lines = requirementMatrix(buildResult({ requirements: Array.from({ length: 130 }, () => hostile) }));
    const row = lines[6] ?? '';
    expect(row.match(/(?<!\\)\|/g)).to.have.length(5);
    expect(row).not.to.match(/(?<!\\)<img|(?<!\\)\]\(|@octocat/);
    expect(lines.at(-2)).to.equal('| and 30 more | | | |');
  });
});
