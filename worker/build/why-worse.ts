import type { TestRun } from '../../domain/build-result';
import { type CoverageRatio, coverageMetrics, percentOf } from '../../domain/coverage';
import type { Judgement } from '../../domain/decide-verdict';
import type { WorkerError } from '../../domain/errors';

/** One measurement, and what the gate says of it. */
type Judged = {
  readonly after: { readonly tests: TestRun };
  readonly judgement: Judgement;
  readonly fault: WorkerError | null;
};

const percent = (ratio: CoverageRatio | null | undefined): number | null => (ratio ? percentOf(ratio) : null);

type Figure = { readonly name: string; readonly value: number | null };

/** All that can be counted, each so that more is better. */
const figuresOf = ({ after: { tests }, judgement: { after, changed } }: Judged): readonly Figure[] => [
  { name: 'tests that do not fail', value: tests.report ? -tests.report.failed : null },
  { name: '% of the changed lines', value: percent(changed) },
  ...coverageMetrics.map((metric) => ({ name: `% of ${metric}`, value: percent(after?.[metric]) })),
];

/** Something fell and nothing rose: more failed tests, less coverage. */
const whatFell = (before: Judged, after: Judged): string | null => {
  const now = figuresOf(after);
  const steps = figuresOf(before).map(({ name, value }, at) => {
    const next = now[at]?.value ?? null;
    return { name, value, next, step: value === null || next === null ? 0 : next - value };
  });
  const fell = steps.find(({ step }) => step < 0);
  if (!fell || steps.some(({ step }) => step > 0)) return null;
  const { name, value, next } = fell;
  return name === 'tests that do not fail'
    ? `then ${-(next ?? 0)} tests failed instead of ${-(value ?? 0)}`
    : `then ${next} ${name} were covered instead of ${value} %`;
};

/** A repair that costs more than it mends is not kept: why this one is not; null when it is. */
export const whyWorse = (before: Judged, after: Judged): string | null => {
  if (after.fault) return `then it could not be installed: ${after.fault.message}`;
  if (before.after.tests.ending === 'passed' && after.after.tests.ending !== 'passed')
    return 'then the tests did not pass any more';
  const [had, has] = [before.judgement.reasons.length, after.judgement.reasons.length];
  if (has > had) return `then there were ${has} reasons against it instead of ${had}`;
  return has === had ? whatFell(before, after) : null;
};
