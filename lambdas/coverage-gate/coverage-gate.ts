import { artifactPrefix, buildKeys, verdictKey } from '../../domain/artifact-keys';
import {
  type BuildResult,
  buildResultSchema,
  type CoverageEvidence,
  type StoredObject,
} from '../../domain/build-result';
import type { ChangedLines } from '../../domain/changed-lines';
import { readChangedLinesFile } from '../../domain/changed-lines-file';
import { decideVerdict, type Judgement } from '../../domain/decide-verdict';
import { WorkerError } from '../../domain/errors';
import { isFruitful } from '../../domain/fruitful';
import { cutText, fewLines } from '../../domain/markdown';
import { type MeasuredCoverage, type OpenReport, readMeasured, readTotals } from '../../domain/measured-coverage';
import { parseArtifact } from '../../domain/parse-artifact';
import type { RedReason, Verdict } from '../../domain/verdict';
import type { Task, TaskInput } from '../_kit/contract';
import type { coverageGateContract } from './contract';

type Deps = {
  readonly artifacts: {
    readonly read: (key: string) => Promise<{ readonly text: string; readonly versionId: string } | null>;
    /** The pinned version of a report, or null when it is not there; reading it throws ArtifactMismatch when the bytes are others. */
    readonly openReport: OpenReport;
    readonly writeVerdict: (key: string, verdict: Verdict) => Promise<{ readonly versionId: string }>;
  };
  readonly threshold: number;
  readonly now: () => Date;
};

type Input = TaskInput<typeof coverageGateContract>;
type Decision = Judgement & { readonly kind: Verdict['kind'] };

/** State holds 256 KiB and is for references; the verdict itself has everything. */
const SUMMARY_LIMIT = 1_000;
const SUMMARY_REASONS = 3;
const CAUSE_LIMIT = 4_000;
/** Files and ranges of lines that a verdict names; its figures are of all. */
const MOST_FILES = 100;
const MOST_RANGES = 50;

const LOOK = 'Look at the log of the build.';

/** What the build says was changed. It must be about exactly what is to be published. */
const readChanges = async ({ changes, resultHead }: BuildResult, { artifacts }: Deps): Promise<ChangedLines | null> => {
  if (!changes) return null;
  const source = await artifacts.openReport(changes);
  if (!source) throw new WorkerError('ResultMissing', `There is no ${changes.key} in the artifacts bucket.`, LOOK);
  const parsed = await readChangedLinesFile(source.chunks(), changes.key);
  if (parsed.to === resultHead) return parsed;
  throw new WorkerError('ResultInvalid', `${changes.key} is about ${parsed.to}, the result is ${resultHead}.`, LOOK);
};

const reportsOf = (evidence: CoverageEvidence): readonly StoredObject[] =>
  evidence.kind === 'found'
    ? [evidence.report, ...[...evidence.parts, ...evidence.alternatives.flat()].map(({ report }) => report)]
    : [];

/** A result of another item, branch or lease, or one that points at another execution's files, decides nothing. */
const checkBelongs = ({ item, lease, executionName }: Input, result: BuildResult, key: string): void => {
  const { before, after } = result.coverage;
  const stored = [result.bundle, result.changes, ...reportsOf(before), ...reportsOf(after)];
  const place = `${artifactPrefix(executionName)}/`;
  const foreign = stored.find((object) => object && !object.key.startsWith(place));
  const problem =
    (result.itemId !== item.itemId && `is of the item ${result.itemId}, not of ${item.itemId}`) ||
    (result.branch !== item.branch && `is of the branch ${result.branch}, not of ${item.branch}`) ||
    (result.fence !== lease.fence && `is of another try (fence ${result.fence}, not ${lease.fence})`) ||
    (!result.bundle && result.resultHead !== result.head && 'has commits and no bundle') ||
    (foreign && `names ${foreign.key}, which is not below ${place}`);
  if (problem) throw new WorkerError('ResultInvalid', `${key} ${problem}.`, LOOK);
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
  if (reasons.length === 0) return 'Tests and coverage are good.';
  const messages = reasons.map(({ message }) => message);
  return cutText(fewLines(messages, SUMMARY_REASONS, (left) => `And ${left} more.`).join(' '), SUMMARY_LIMIT);
};

/** Decides from what the build stored; see the contract. */
export const coverageGate: Task<typeof coverageGateContract, Deps> = async (input, deps) => {
  const { result, versionId: resultVersionId } = await readResult(input, deps);
  const { openReport } = deps.artifacts;
  const changes = await readChanges(result, deps);
  const before = await readTotals(result.coverage.before, changes, openReport);
  const after = await readMeasured(result.coverage.after, changes, openReport);
  const decision = decideVerdict(result, { before, after }, changes, deps.threshold);
  const reasons = [...staleReasons(result, after), ...decision.reasons];
  const kind = reasons.length === 0 ? 'green' : 'red';
  const key = verdictKey(input.executionName);
  const verdict = verdictOf(result, { ...decision, kind, reasons }, ambiguousIn(after), deps);
  const { versionId } = await deps.artifacts.writeVerdict(key, verdict);
  const hasCommits = result.bundle !== null && result.resultHead !== result.head;
  return {
    kind,
    summary: summaryOf(reasons),
    hasCommits,
    fruitful: hasCommits && isFruitful(verdict),
    resultVersionId,
    verdictKey: key,
    verdictVersionId: versionId,
    fault: result.fault && {
      error: cutText(result.fault.code, 256),
      cause: cutText(result.fault.message, CAUSE_LIMIT),
    },
  };
};

const ambiguousIn = ({ data }: MeasuredCoverage): readonly string[] => (data?.kind === 'totals' ? data.ambiguous : []);

const changedOf = ({ changed }: Judgement, threshold: number): Verdict['changedLines'] =>
  changed && {
    covered: changed.covered,
    total: changed.total,
    threshold,
    uncovered: changed.uncovered
      .slice(0, MOST_FILES)
      .map(({ path, ranges }) => ({ path, ranges: ranges.slice(0, MOST_RANGES) })),
    uncoveredFiles: changed.uncovered.length,
    unmeasured: changed.unmeasured.slice(0, MOST_FILES),
    unclear: changed.unclear.slice(0, MOST_FILES),
  };

const verdictOf = (
  result: BuildResult,
  decision: Decision,
  ambiguous: readonly string[],
  { threshold, now }: Deps,
): Verdict => ({
  version: 1,
  kind: decision.kind,
  reasons: [...decision.reasons],
  finishedTasks: result.tasks.filter(({ state }) => state === 'done').length,
  threshold,
  coverage: { before: decision.before, after: decision.after },
  changedLines: changedOf(decision, result.gate.changedLines),
  ambiguousPaths: [...ambiguous],
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
