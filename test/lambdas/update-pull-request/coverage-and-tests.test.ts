import { expect } from 'chai';
import type { BuildResult } from '../../../domain/build-result';
import { type Verdict, verdictSchema } from '../../../domain/verdict';
import { coverageSection } from '../../../lambdas/update-pull-request/coverage-section';
import { testsSection } from '../../../lambdas/update-pull-request/tests-section';
import { buildResult, testRun, verdict } from '../../support/build-results';

const HOSTILE = 'x` <img src=x onerror=1> @octocat closes #1 | [a](http://b)\n## Heading';

const coverage = (
  changedLines: Partial<NonNullable<Verdict['changedLines']>>,
  change: Partial<Verdict> = {},
): string => {
  const usual = { covered: 0, total: 0, threshold: 80, uncovered: [], uncoveredFiles: 0, unmeasured: [], unclear: [] };
  return coverageSection(verdict({ changedLines: { ...usual, ...changedLines }, ...change }), buildResult()).join('\n');
};
const tests = (
  after: Parameters<typeof testRun>[0],
  repairs: BuildResult['repairs'] = [],
  reasons: readonly string[] = [],
): string => testsSection({ tests: { before: testRun(), after: testRun(after) }, repairs }, reasons).join('\n');
const report = (cases: NonNullable<BuildResult['tests']['after']['report']>['cases']) => {
  const of = (wanted: string) => cases.filter(({ ending }) => ending === wanted).length;
  const counts = {
    total: cases.length,
    passed: of('passed') + of('flaky'),
    failed: of('failed'),
    skipped: of('skipped'),
  };
  return { ...counts, cases, files: ['junit.xml'], problem: null };
};

describe('coverageSection', () => {
  it('shows how much of the change is covered, and every line that is not', () => {
    const text = coverage({
      covered: 7,
      total: 10,
      uncovered: [
        {
          path: 'src/a.ts',
          ranges: [
            [3, 3],
            [7, 8],
          ],
        },
      ],
      uncoveredFiles: 1,
    });
    expect(text).to.contain('| changed lines | – | 70 % (7/10) | 80 % |');
    expect(text).to.contain('Changed lines that no test executes:\n\n- `src/a.ts`: 3, 7-8\n');
  });

  it('asks nothing of what the report does not say, and all of it where there is no report', () => {
    expect(coverage({})).to.contain('| statements | – | – | not judged |').and.contain('(9/10) | 80 % |');
    expect(coverage({}, { coverage: { before: null, after: null } })).to.contain('| statements | – | – | 80 % |');
  });

  it('names the lines once: where the reason at the top has said them all, there is no list', () => {
    const uncovered = [{ path: 'a.ts', ranges: [[3, 3]] as [number, number][] }];
    const because = (message: string) => ({
      kind: 'red' as const,
      reasons: [{ code: 'ChangedLinesUncovered' as const, message }],
    });
    const whole = { covered: 1, total: 2, uncovered, uncoveredFiles: 1 };
    expect(coverage(whole, because('Not covered: a.ts: 3.'))).not.to.contain('no test executes');
    expect(coverage(whole, because('Not covered: a.ts: 3; b.ts: 1.'))).not.to.contain('no test executes');
    expect(coverage(whole, because('Not covered: a.ts: 31.'))).to.contain('- `a.ts`: 3\n');
    expect(coverage({ ...whole, uncoveredFiles: 2 }, because('Not covered: a.ts: 3.'))).to.contain('- `a.ts`: 3\n');
  });

  it('says that there is none of something, not that all of it is covered', () => {
    const { after } = verdict().coverage;
    if (!after) throw new Error('the verdict has figures');
    const figures = { before: after, after: { ...after, branches: { covered: 0, total: 0 } } };
    expect(coverage({}, { coverage: figures })).to.contain('| branches | 80 % (8/10) | none | 80 % |');
  });

  it('says when nothing of the change is measured, or nothing is asked for', () => {
    expect(coverage({})).to.contain('| changed lines | – | none that is measured | 80 % |');
    expect(coverage({ unclear: ['a'] })).to.contain('| changed lines | – | not known | 80 % |');
    expect(coverage({ covered: 1, total: 2, threshold: 0 })).to.contain('| changed lines | – | 50 % (1/2) | – |');
    expect(coverageSection(verdict(), buildResult()).join('\n')).not.to.contain('changed lines');
  });

  it('names what the report leaves open, and how much more there is', () => {
    const text = coverage(
      {
        unmeasured: ['src/new.ts'],
        unclear: ['src/sum.ts'],
        uncovered: [{ path: 'a', ranges: [[1, 1]] }],
        uncoveredFiles: 300,
      },
      { ambiguousPaths: ['index.js'] },
    );
    expect(text).to.contain('does not name:\n\n- `src/new.ts`');
    expect(text).to.contain('which lines were executed:\n\n- `src/sum.ts`');
    expect(text).to.contain('fit several files, and were counted as none of them:\n\n- `index.js`');
    expect(text).to.contain('- `a`: 1\n- and 299 more\n');
  });

  it('makes nothing of hostile paths but text', () => {
    const text = coverage({
      uncovered: [{ path: HOSTILE, ranges: [[1, 1]] }],
      uncoveredFiles: 1,
      unmeasured: [HOSTILE],
    });
    expect(text.replace(/`[^`\n]*`/g, '')).to.not.match(/<img|@octocat|\]\(|^## H/m);
  });
});

describe('testsSection', () => {
  it('counts and names the tests that failed', () => {
    const text = tests({
      ending: 'failed',
      exitCode: 1,
      report: report([
        { name: 'cart › adds', ending: 'failed', message: '1 is not 2' },
        { name: 'cart › works', ending: 'passed', message: '' },
        { name: 'cart › waits', ending: 'skipped', message: '' },
        { name: 'cart › limps', ending: 'flaky', message: 'once' },
      ]),
    });
    expect(text).to.contain('| after | failed | 4 (1 failed, 1 skipped) | 1 | 12 s |\n\nCommand: `npm test`\n');
    expect(tests({ command: 'make test' })).to.contain('\n\nCommand before: `npm test`; after: `make test`\n');
    expect(text).to.contain('Failed:\n\n- cart › adds: 1 is not 2\n');
    expect(text).to.contain('Failed and passed within one run:\n\n- cart › limps: once\n');
    expect(text).not.to.contain('cart › works');
  });

  it('never hides that tests passed only when they were run again', () => {
    const flaky = { exitCode: 1, seconds: 9.6, outputTail: 'Timeout!', tests: ['cart › waits'] };
    const text = tests({ flaky });
    expect(text).to.contain('| after | passed, **flaky** | – | 0 |');
    expect(text).to.contain('failed at first (exit code 1, after 10 s) and passed when they were run once more (12 s)');
    expect(text).to.contain('Failed at first, then passed:\n\n- cart › waits\n');
    expect(text).to.contain('```text\nTimeout!\n```');
    expect(tests({ flaky: { ...flaky, exitCode: null } })).to.contain('failed at first (a signal');
  });

  it('tells what the agent was asked to mend, and what came of it', () => {
    const turn = { turn: 1, asked: ['70 % are covered.'], why: '', seconds: 3 };
    const text = tests({}, [
      { ...turn, ending: 'committed', commit: 'c'.repeat(40) },
      { ...turn, turn: 2, ending: 'undone', why: 'then the tests did not pass any more', commit: null },
      { ...turn, turn: 3, ending: 'nothing-changed', commit: null },
      { ...turn, turn: 4, ending: 'failed', why: 'AgentDied', commit: null },
    ]);
    expect(text).to.contain('\n\nRepair turns, in which the agent was shown what the gate would refuse:\n\n- turn 1');
    const asked = '; it was asked to mend:\n  - 70 % are covered.\n';
    expect(text).to.contain(`- turn 1: committed as ccccccc${asked}`);
    expect(text).to.contain(`- turn 2: what the agent did was undone: then the tests did not pass any more${asked}`);
    expect(text).to.contain(`- turn 3: the agent changed nothing${asked}`);
    expect(text).to.contain(`- turn 4: the agent failed: AgentDied${asked}`);
  });

  it('does not repeat reasons that the reader has just read, and names ten at most', () => {
    const turn = { turn: 1, why: '', seconds: 3, ending: 'nothing-changed' as const, commit: null };
    expect(tests({}, [{ ...turn, asked: ['a', 'b'] }], ['a', 'b'])).to.contain(
      '- turn 1: the agent changed nothing (asked to mend all of the reasons above)\n',
    );
    expect(tests({}, [{ ...turn, asked: ['b'] }], ['a', 'b'])).to.contain(
      '(asked to mend some of the reasons above)\n',
    );
    expect(tests({}, [{ ...turn, asked: ['a', 'c'] }], ['a', 'b'])).to.contain('asked to mend:\n  - a\n  - c\n');
    const many = tests({}, [{ ...turn, asked: Array.from({ length: 12 }, (_, at) => `r${at}`) }]);
    expect(many).to.contain('  - r9\n  - and 2 more\n');
  });

  it('makes nothing of hostile names, messages and reasons but text, and names 50 of 2,000', () => {
    const cases = Array.from({ length: 2_000 }, () => ({ name: HOSTILE, ending: 'failed' as const, message: HOSTILE }));
    const text = tests({ ending: 'failed', report: report(cases), outputTail: '' }, [
      { turn: 1, asked: [HOSTILE], ending: 'failed', why: HOSTILE, commit: null, seconds: 1 },
    ]);
    expect(text).to.not.match(/(?<!\\)<img|@octocat|(?<!\\)\]\(|^## H/m);
    expect(text).to.contain('- and 1950 more');
  });
});

describe('verdicts and results of earlier releases', () => {
  it('are read all the same', () => {
    const { changedLines, ambiguousPaths, ...old } = verdict();
    expect([changedLines, ambiguousPaths]).to.deep.equal([null, []]);
    expect(verdictSchema.parse(old)).to.deep.equal(verdict());
  });
});
