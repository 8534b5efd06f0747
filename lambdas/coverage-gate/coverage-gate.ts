import { artifactPrefix, buildKeys, verdictKey } from '../../domain/artifact-keys';
import {
  type BuildResult,
  buildResultSchema,
  type CoverageEvidence,
  type StoredObject,
} from '../../domain/build-result';
import { parseCoverage, type ReportSource } from '../../domain/coverage-reports/parse-coverage';
import type { ParsedCoverage } from '../../domain/coverage-reports/parsed-coverage';
import { type Decision, decideVerdict, type MeasuredCoverage } from '../../domain/decide-verdict';
import { WorkerError } from '../../domain/errors';
import { cutText } from '../../domain/markdown';
import { parseArtifact } from '../../domain/parse-artifact';
import type { RedReason, Verdict } from '../../domain/verdict';
import type { Task, TaskInput } from '../_kit/contract';
import type { coverageGateContract } from './contract';

type Deps = {
  readonly artifacts: {
    readonly read: (key: string) => Promise<{ readonly text: string; readonly versionId: string } | null>;
    /** The pinned version of a report, or null when it is not there; reading it throws ArtifactMismatch when the bytes are others. */
    readonly openReport: (report: StoredObject) => Promise<ReportSource | null>;
    readonly writeVerdict: (key: string, verdict: Verdict) => Promise<{ readonly versionId: string }>;
  };
  readonly threshold: number;
  readonly now: () => Date;
};

type Input = TaskInput<typeof coverageGateContract>;

/** State holds 256 KiB and is for references; the verdict itself has everything. */
const SUMMARY_LIMIT = 1_000;
const CAUSE_LIMIT = 4_000;

const measure = async (evidence: CoverageEvidence, { artifacts }: Deps): Promise<MeasuredCoverage> => {
  if (evidence.kind !== 'found') return { evidence, parsed: null };
  const source = await artifacts.openReport(evidence.report);
  const parsed: ParsedCoverage = source
    ? await parseCoverage(source)
    : { kind: 'malformed', message: 'the build named it but did not store it' };
  return { evidence, parsed };
};

/** A result of another item, branch or lease, or one that points at another execution's files, decides nothing. */
const checkBelongs = ({ item, lease, executionName }: Input, result: BuildResult, key: string): void => {
  const { before, after } = result.coverage;
  const stored = [result.bundle, before.kind === 'found' && before.report, after.kind === 'found' && after.report];
  const place = `${artifactPrefix(executionName)}/`;
  const foreign = stored.find((object) => object && !object.key.startsWith(place));
  const problem =
    (result.itemId !== item.itemId && `is of the item ${result.itemId}, not of ${item.itemId}`) ||
    (result.branch !== item.branch && `is of the branch ${result.branch}, not of ${item.branch}`) ||
    (result.fence !== lease.fence && `is of another try (fence ${result.fence}, not ${lease.fence})`) ||
    (!result.bundle && result.resultHead !== result.head && 'has commits and no bundle') ||
    (foreign && `names ${foreign.key}, which is not below ${place}`);
  if (problem) throw new WorkerError('ResultInvalid', `${key} ${problem}.`, 'Look at the log of the build.');
};

const readResult = async (input: Input, { artifacts }: Deps) => {
  const { result: key } = buildKeys(artifactPrefix(input.executionName));
  const found = await artifacts.read(key);
  const result = parseArtifact(found?.text ?? null, key, buildResultSchema);
  checkBelongs(input, result, key);
  return { result, versionId: found?.versionId ?? '' };
};

/** Coverage of another commit than the one that is to be published proves nothing about it. */
const staleReasons = ({ resultHead }: BuildResult, { evidence }: MeasuredCoverage): readonly RedReason[] => {
  if (evidence.kind !== 'found' || evidence.commit === resultHead) return [];
  const message = `The coverage was measured at ${evidence.commit}, the result is ${resultHead}.`;
  return [{ code: 'CoverageStale', message }];
};

const summaryOf = (reasons: readonly RedReason[]): string => {
  const first = reasons.slice(0, 3).map(({ message }) => message);
  return reasons.length === 0 ? 'Tests and coverage are good.' : cutText(first.join(' '), SUMMARY_LIMIT);
};

/** Decides from what the build stored; see the contract. */
export const coverageGate: Task<typeof coverageGateContract, Deps> = async (input, deps) => {
  const { result, versionId: resultVersionId } = await readResult(input, deps);
  const before = await measure(result.coverage.before, deps);
  const after = await measure(result.coverage.after, deps);
  const decision = decideVerdict(result, { before, after }, deps.threshold);
  const reasons = [...staleReasons(result, after), ...decision.reasons];
  const kind = reasons.length === 0 ? 'green' : 'red';
  const key = verdictKey(input.executionName);
  const verdict = verdictOf(result, { ...decision, kind, reasons }, deps);
  const { versionId } = await deps.artifacts.writeVerdict(key, verdict);
  return {
    kind,
    summary: summaryOf(reasons),
    hasCommits: result.bundle !== null && result.resultHead !== result.head,
    resultVersionId,
    verdictKey: key,
    verdictVersionId: versionId,
    fault: result.fault && {
      error: cutText(result.fault.code, 256),
      cause: cutText(result.fault.message, CAUSE_LIMIT),
    },
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
