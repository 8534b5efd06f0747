import type { BuildResult, CoverageEvidence, TestRun } from './build-result';
import { countOf } from './count-of';
import { type CoverageRatio, type CoverageTotals, coverageMetrics, percentOf } from './coverage';
import type { ParsedCoverage } from './coverage-reports/parsed-coverage';
import type { RedReason } from './verdict';

/** What the gate found where the build said that a report is. */
export type MeasuredCoverage = { readonly evidence: CoverageEvidence; readonly parsed: ParsedCoverage | null };

const testReasons = ({ ending, command, exitCode, seconds }: TestRun): readonly RedReason[] => {
  if (ending === 'passed' && exitCode === 0) return [];
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

const unreadable = ({ evidence, parsed }: MeasuredCoverage): RedReason | null => {
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
  if (evidence.kind === 'too-large')
    return {
      code: 'CoverageMalformed',
      message: `The coverage report ${evidence.path} cannot be used: it has ${evidence.bytes} bytes, which is more than is read.`,
    };
  if (parsed?.kind === 'totals') return null;
  const why = parsed?.message ?? 'it could not be read';
  return {
    code: parsed?.kind === 'empty' ? 'CoverageEmpty' : 'CoverageMalformed',
    message: `The coverage report ${evidence.path} cannot be used: ${why}.`,
  };
};

/** Whether `covered of total` reaches `threshold` percent, in whole numbers: 79.999 % is below 80, exactly 80 % is not. */
const reaches = ({ covered, total }: CoverageRatio, threshold: number): boolean =>
  total === 0 || covered * 1_000_000 >= Math.round(threshold * 10_000) * total;

const thresholdReasons = (totals: CoverageTotals, floor: number, gate: BuildResult['gate']): readonly RedReason[] =>
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

export type Decision = {
  readonly kind: 'green' | 'red';
  readonly reasons: readonly RedReason[];
  readonly before: CoverageTotals | null;
  readonly after: CoverageTotals | null;
};

const totalsOf = ({ parsed }: MeasuredCoverage): CoverageTotals | null =>
  parsed?.kind === 'totals' ? parsed.totals : null;

/** Green only if nothing speaks against it. `floor` is the environment's threshold: a repository may ask for more, never for less. */
export const decideVerdict = (
  result: BuildResult,
  coverage: { readonly before: MeasuredCoverage; readonly after: MeasuredCoverage },
  floor: number,
): Decision => {
  const before = totalsOf(coverage.before);
  const after = totalsOf(coverage.after);
  const missing = unreadable(coverage.after);
  const reasons = [
    ...testReasons(result.tests.after),
    ...(missing ? [missing] : []),
    ...(after ? thresholdReasons(after, floor, result.gate) : []),
    ...(after ? dropReasons(before, after, result.gate.maxDrop) : []),
    ...workReasons(result),
  ];
  return { kind: reasons.length === 0 ? 'green' : 'red', reasons, before, after };
};
