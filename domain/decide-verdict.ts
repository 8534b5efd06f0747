import type { BuildResult, TestRun } from './build-result';
import { type ChangedCoverage, type ChangedLines, coverChangedLines, showRanges } from './changed-lines';
import { countOf } from './count-of';
import { type CoverageRatio, type CoverageTotals, coverageMetrics, percentOf } from './coverage';
import type { MeasuredCoverage } from './measured-coverage';
import type { RedReason } from './verdict';

type Gate = BuildResult['gate'];

/** What the reports of the tests say against the result, where the exit code says nothing. */
const testReportReasons = ({ report, command }: TestRun, { needsTestReport }: Gate): readonly RedReason[] => {
  if (!report)
    return needsTestReport
      ? [{ code: 'TestReportAbsent', message: 'No test report was written where kiro-worker.yml says (test.reports).' }]
      : [];
  if (report.problem !== null) return [{ code: 'TestReportMalformed', message: `The test report ${report.problem}.` }];
  if (report.total === 0)
    return [{ code: 'TestsNotRun', message: `No test was run: the test report ${report.files[0]} names none.` }];
  if (report.failed === 0) return [];
  const message = `"${command}" exited with 0, but its report names ${report.failed} failed tests: ${namesOf(report.cases)}.`;
  return [{ code: 'TestsFailed', message }];
};

const namesOf = (cases: NonNullable<TestRun['report']>['cases']): string =>
  someOf(cases.filter(({ ending }) => ending === 'failed').map(({ name }) => name)) || 'without names';

const testReasons = (run: TestRun, gate: Gate): readonly RedReason[] => {
  const { ending, command, exitCode, seconds } = run;
  if (ending === 'passed' && exitCode === 0) return testReportReasons(run, gate);
  if (ending === 'failed' || ending === 'passed')
    return [{ code: 'TestsFailed', message: `The tests failed: "${command}" exited with ${exitCode ?? 'a signal'}.` }];
  if (ending === 'timed-out')
    return [
      {
        code: 'TestsTimedOut',
        message: `The tests did not end: "${command}" was stopped after ${Math.round(seconds)} s.`,
      },
    ];
  return [{ code: 'TestsNotRun', message: `The tests were not run: "${command}".` }];
};

const unreadable = ({ evidence, data }: MeasuredCoverage): RedReason | null => {
  if (evidence.kind === 'absent')
    return {
      code: 'CoverageAbsent',
      message: `No coverage report was written; looked for ${evidence.looked.join(', ')}.`,
    };
  if (evidence.kind === 'stale')
    return {
      code: 'CoverageStale',
      message: `The coverage report ${evidence.path} is older than this test run: it is of another state of the code.`,
    };
  if (evidence.kind === 'too-many')
    return {
      code: 'CoverageMalformed',
      message: `The coverage reports ${evidence.path} cannot be used: the pattern means ${evidence.what}, which is more than is read.`,
    };
  if (evidence.kind === 'too-large')
    return {
      code: 'CoverageMalformed',
      message: `The coverage report ${evidence.path} cannot be used: it has ${evidence.bytes} bytes, which is more than is read.`,
    };
  if (data?.kind === 'totals') return null;
  const why = data?.message ?? 'it could not be read';
  return {
    code: data?.kind === 'empty' ? 'CoverageEmpty' : 'CoverageMalformed',
    message: `The coverage report ${evidence.path} cannot be used: ${why}.`,
  };
};

/** Whether `covered of total` reaches `threshold` percent, in whole numbers: 79.999 % is below 80, exactly 80 % is not. */
const reaches = ({ covered, total }: CoverageRatio, threshold: number): boolean =>
  total === 0 || covered * 1_000_000 >= Math.round(threshold * 10_000) * total;

const thresholdReasons = (totals: CoverageTotals, floor: number, gate: Gate): readonly RedReason[] =>
  coverageMetrics.flatMap((metric) => {
    const ratio = totals[metric];
    const threshold = Math.max(floor, gate[metric]);
    if (ratio === null || reaches(ratio, threshold)) return [];
    const message = `${percentOf(ratio)} % of ${metric} are covered (${ratio.covered} of ${ratio.total}); at least ${threshold} % are needed.`;
    return [{ code: 'CoverageBelowThreshold' as const, message }];
  });

const dropReasons = (before: CoverageTotals | null, after: CoverageTotals, maxDrop: number): readonly RedReason[] => {
  if (!before) return [];
  const drop = Math.round((percentOf(before.lines) - percentOf(after.lines)) * 100) / 100;
  if (drop <= maxDrop) return [];
  const message = `Line coverage fell from ${percentOf(before.lines)} % to ${percentOf(after.lines)} %; at most ${countOf(maxDrop, 'point')} may be lost.`;
  return [{ code: 'CoverageDropped', message }];
};

const MOST_NAMED = 10;

const someOf = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;

const workReasons = ({ tasks, fault, protectedPathsChanged }: BuildResult): readonly RedReason[] => {
  const open = tasks.filter(({ optional, state }) => !optional && (state === 'open' || state === 'failed'));
  return [
    ...(fault ? [{ code: 'AgentFault' as const, message: `${fault.code}: ${fault.message}` }] : []),
    ...(open.length > 0
      ? [{ code: 'TasksOpen' as const, message: `Tasks are still open: ${someOf(open.map(({ id }) => id))}.` }]
      : []),
    ...(protectedPathsChanged.length > 0
      ? [
          {
            code: 'ProtectedPathChanged' as const,
            message: `The agent changed protected files, and the changes were dropped: ${someOf(protectedPathsChanged)}.`,
          },
        ]
      : []),
  ];
};

/** Files that are named in one message. */
const MOST_FILES = 5;

const changedReasons = (
  changed: ChangedCoverage | null,
  beyond: string | null,
  { changedLines: threshold, needsChangedLines }: Gate,
): readonly RedReason[] => {
  if (threshold === 0) return [];
  if (beyond !== null)
    return [
      {
        code: 'ChangedLinesUnclear',
        message: `The changed lines of the branch cannot be judged: ${beyond}. Make it smaller, or set gate.changedLines to 0.`,
      },
    ];
  if (!changed) return [];
  const { covered, total, uncovered, unclear } = changed;
  const reasons: RedReason[] = [];
  if (needsChangedLines && unclear.length > 0)
    reasons.push({
      code: 'ChangedLinesUnclear',
      message:
        `Nobody can say which changed lines are covered of ${someOf(unclear)}: the coverage report has no lines for them, or does not tell them from other files. ` +
        'Have the tests write coverage-final.json, LCOV or XML as well, or set gate.changedLines to 0.',
    });
  if (reaches({ covered, total }, threshold)) return reasons;
  const places = uncovered
    .slice(0, MOST_FILES)
    .map(({ path, ranges }) => `${path}: ${showRanges(ranges.slice(0, 10))}`);
  const more = uncovered.length > MOST_FILES ? ` and ${uncovered.length - MOST_FILES} more files` : '';
  const message = `${percentOf({ covered, total })} % of the changed lines are covered (${covered} of ${total}); at least ${threshold} % are needed. Not covered: ${places.join('; ')}${more}.`;
  return [...reasons, { code: 'ChangedLinesUncovered', message }];
};

const totalsOf = ({ data }: MeasuredCoverage): CoverageTotals | null => (data?.kind === 'totals' ? data.totals : null);

export type Measured = { readonly before: MeasuredCoverage; readonly after: MeasuredCoverage };

export type Judgement = {
  readonly reasons: readonly RedReason[];
  readonly before: CoverageTotals | null;
  readonly after: CoverageTotals | null;
  /** Null: there is nothing to compare with. */
  readonly changed: ChangedCoverage | null;
};

/** What speaks against one measurement: tests, totals, changed lines, drop. `floor` is the environment's threshold: a repository may ask for more, never for less. */
export const judgeMeasurement = (
  { tests, gate }: { readonly tests: TestRun; readonly gate: Gate },
  measured: Measured,
  changes: ChangedLines | null,
  floor: number,
): Judgement => {
  const before = totalsOf(measured.before);
  const after = totalsOf(measured.after);
  const missing = unreadable(measured.after);
  const { withLines } = measured.after;
  const beyond = changes?.beyond ?? null;
  const isComparable = changes !== null && beyond === null && withLines?.kind === 'totals';
  const changed = isComparable ? coverChangedLines(changes, withLines) : null;
  const reasons = [
    ...testReasons(tests, gate),
    ...(missing ? [missing] : []),
    ...(after ? thresholdReasons(after, floor, gate) : []),
    ...changedReasons(changed, beyond, gate),
    ...(after ? dropReasons(before, after, gate.maxDrop) : []),
  ];
  return { reasons, before, after, changed };
};

/** What speaks against a result: its measurement, and how the work ended. The verdict is green only if nothing does. */
export const decideVerdict = (
  result: BuildResult,
  measured: Measured,
  changes: ChangedLines | null,
  floor: number,
): Judgement => {
  const judgement = judgeMeasurement({ tests: result.tests.after, gate: result.gate }, measured, changes, floor);
  return { ...judgement, reasons: [...judgement.reasons, ...workReasons(result)] };
};
