import { artifactPrefix, buildKeys, verdictKey } from '../../domain/artifact-keys';
import { type BuildResult, buildResultSchema, type CoverageEvidence } from '../../domain/build-result';
import { parseCoverage, type ReportSource } from '../../domain/coverage-reports/parse-coverage';
import type { ParsedCoverage } from '../../domain/coverage-reports/parsed-coverage';
import { type Decision, decideVerdict, type MeasuredCoverage } from '../../domain/decide-verdict';
import { WorkerError } from '../../domain/errors';
import type { RedReason, Verdict } from '../../domain/verdict';
import type { Task, TaskInput } from '../_kit/contract';
import type { coverageGateContract } from './contract';

type Deps = {
  readonly artifacts: {
    readonly readText: (key: string) => Promise<string | null>;
    /** The pinned version of a report, or null when it is not there; throws ArtifactMismatch when the bytes are others. */
    readonly openReport: (report: { key: string; versionId: string; sha256: string }) => Promise<ReportSource | null>;
    readonly writeVerdict: (key: string, verdict: Verdict) => Promise<{ readonly versionId: string }>;
  };
  readonly threshold: number;
  readonly now: () => Date;
};

type Input = TaskInput<typeof coverageGateContract>;

const measure = async (evidence: CoverageEvidence, { artifacts }: Deps): Promise<MeasuredCoverage> => {
  if (evidence.kind !== 'found') return { evidence, parsed: null };
  const source = await artifacts.openReport(evidence.report);
  const parsed: ParsedCoverage = source
    ? await parseCoverage(source)
    : { kind: 'malformed', message: 'the build named it but did not store it' };
  return { evidence, parsed };
};

const readResult = async ({ executionName }: Input, { artifacts }: Deps): Promise<BuildResult> => {
  const { result: key } = buildKeys(artifactPrefix(executionName));
  const text = await artifacts.readText(key);
  if (text === null)
    throw new WorkerError('ResultMissing', `The build ended without writing ${key}.`, 'Look at the log of the build.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WorkerError('ResultInvalid', `${key} is not JSON.`, 'Look at the log of the build.', { cause: error });
  }
  const parsed = buildResultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new WorkerError(
    'ResultInvalid',
    `${key} is not a build result: ${issue?.path.map(String).join('.')}: ${issue?.message}.`,
    'Worker and pipeline are of different releases: deploy again.',
  );
};

/** A result of another item, lease or commit decides nothing. */
const staleReasons = (
  { item, lease }: Input,
  result: BuildResult,
  coverage: MeasuredCoverage,
): readonly RedReason[] => {
  const stale = (message: string): RedReason[] => [{ code: 'ResultStale', message }];
  if (result.itemId !== item.itemId || result.branch !== item.branch)
    return stale(`The result is of ${result.itemId} on ${result.branch}.`);
  if (result.fence !== lease.fence) return stale(`The result is of an earlier try (fence ${result.fence}).`);
  const { evidence } = coverage;
  if (evidence.kind === 'found' && evidence.commit !== result.resultHead)
    return [
      {
        code: 'CoverageStale',
        message: `The coverage was measured at ${evidence.commit}, the result is ${result.resultHead}.`,
      },
    ];
  return [];
};

/** Decides from what the build stored; see the contract. */
export const coverageGate: Task<typeof coverageGateContract, Deps> = async (input, deps) => {
  const result = await readResult(input, deps);
  const before = await measure(result.coverage.before, deps);
  const after = await measure(result.coverage.after, deps);
  const decision = decideVerdict(result, { before, after }, deps.threshold);
  const stale = staleReasons(input, result, after);
  const reasons = [...stale, ...decision.reasons];
  const kind = reasons.length === 0 ? 'green' : 'red';
  const key = verdictKey(input.executionName);
  const verdict = verdictOf(result, { ...decision, kind, reasons }, deps);
  const { versionId } = await deps.artifacts.writeVerdict(key, verdict);
  return {
    kind,
    summary:
      reasons.length === 0
        ? 'Tests and coverage are good.'
        : reasons
            .slice(0, 3)
            .map(({ message }) => message)
            .join(' '),
    hasCommits: result.bundle !== null && result.resultHead !== result.head,
    verdictKey: key,
    verdictVersionId: versionId,
    fault: result.fault && { error: result.fault.code, cause: result.fault.message },
  };
};

const verdictOf = (result: BuildResult, decision: Decision, { threshold, now }: Deps): Verdict => ({
  version: 1,
  kind: decision.kind,
  reasons: [...decision.reasons],
  threshold,
  coverage: { before: decision.before, after: decision.after },
  boundTo: {
    itemId: result.itemId,
    fence: result.fence,
    base: result.base,
    head: result.head,
    resultHead: result.resultHead,
    bundleKey: result.bundle?.key ?? null,
    bundleVersionId: result.bundle?.versionId ?? null,
    bundleSha256: result.bundle?.sha256 ?? null,
  },
  decidedAt: now().toISOString(),
});
