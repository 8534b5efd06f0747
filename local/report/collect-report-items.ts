import { artifactPrefix, buildKeys, verdictKey } from '../../domain/artifact-keys';
import { type BuildResult, buildResultSchema } from '../../domain/build-result';
import { type CoverageTotals, coverageMetrics, percentOf } from '../../domain/coverage';
import { type Receipt, type ReceiptEntry, receiptSchema } from '../../domain/receipt';
import { type Verdict, verdictSchema } from '../../domain/verdict';
import type { WorkItem } from '../../domain/work-item';
import type { ShownPullRequest } from '../board/board-view';
import type { BoardItem } from '../board/read-board';
import type { ReportItem } from './report';
import { type HistoryEvent, stepsOf } from './steps-of';

/** An execution of one item, as far as the report needs it. Newest first where they come in lists. */
export type ItemExecution = {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly input: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
};

export type ReportSources = {
  readonly board: readonly BoardItem[];
  readonly pullRequests: readonly ShownPullRequest[];
  readonly executions: readonly ItemExecution[];
  readonly history: (executionArn: string) => readonly HistoryEvent[];
  /** Text of an object in the artifacts bucket; null when there is none. */
  readonly readObject: (key: string) => Promise<string | null>;
  /** Texts of the receipts, newest first. */
  readonly receipts: readonly string[];
  readonly deadLetters: readonly { readonly id: string; readonly itemId: string }[];
};

const parse = <T>(text: string | null | undefined, read: (value: unknown) => T): T | null =>
  text === null || text === undefined ? null : read(JSON.parse(text));

const workItemOf = ({ input }: ItemExecution): Partial<WorkItem> =>
  (JSON.parse(input) as { item?: Partial<WorkItem> }).item ?? {};

const percentsOf = (totals: CoverageTotals | null) => {
  if (!totals) return null;
  const entries = coverageMetrics.map((metric) => {
    const ratio = totals[metric];
    return [metric, ratio ? percentOf(ratio) : null] as const;
  });
  return Object.fromEntries(entries) as NonNullable<NonNullable<ReportItem['coverage']>['after']>;
};

const coverageOf = (verdict: Verdict | null): ReportItem['coverage'] =>
  verdict && {
    threshold: verdict.threshold,
    before: percentsOf(verdict.coverage.before),
    after: percentsOf(verdict.coverage.after),
  };

const testsOf = (result: BuildResult | null): ReportItem['tests'] => {
  if (!result) return null;
  const plain = ({ ending, command, exitCode, seconds }: BuildResult['tests']['before']) => ({
    ending,
    command,
    exitCode,
    seconds,
  });
  return { before: plain(result.tests.before), after: plain(result.tests.after) };
};

type Ending = Pick<ReportItem, 'outcome' | 'reason'>;

type Output = { readonly outcome?: ReportItem['outcome']; readonly reason?: string; readonly summary?: string };

const outputOf = ({ output }: ItemExecution): Output => JSON.parse(output ?? '{}') as Output;

/** The words of the state machine as the reasons of receipts are written. */
const SKIPPED: Readonly<Record<string, string>> = {
  held: 'HeldByAnother',
  'no-free-slot': 'NoFreeSlot',
  'no-credits': 'CreditsUsedUp',
  'no-longer-ready': 'NoLongerReady',
};

const skippedOrVerdict = (execution: ItemExecution, verdict: Verdict | null): Ending => {
  const { outcome, reason = '', summary } = outputOf(execution);
  if (outcome === 'skipped') return { outcome, reason: { code: SKIPPED[reason] ?? reason, message: summary ?? '' } };
  const [first] = verdict?.reasons ?? [];
  if (outcome === 'red') return { outcome, reason: first ?? { code: 'Unknown', message: summary ?? '' } };
  return { outcome: 'green', reason: null };
};

/** What ReportFailure found out is more telling than the error that Step Functions saw. */
const reasonOfFailure = (execution: ItemExecution, history: readonly HistoryEvent[]): Ending['reason'] => {
  for (const event of history) {
    const exited = (event as { stateExitedEventDetails?: { name?: string; output?: string } }).stateExitedEventDetails;
    if (exited?.name !== 'ReportFailure' || !exited.output) continue;
    const { code, message } = JSON.parse(exited.output) as { code?: string; message?: string };
    if (code) return { code, message: message ?? '' };
  }
  return { code: execution.error ?? 'Unknown', message: execution.cause ?? '' };
};

/** It had shown its result before it was ended: nothing takes the item up again. */
const hasShownResult = (history: readonly HistoryEvent[]): boolean =>
  stepsOf(history).some(({ name, outcome }) => name === 'UpdatePullRequest' && outcome === 'succeeded');

const endingOf = (execution: ItemExecution, history: readonly HistoryEvent[], verdict: Verdict | null): Ending => {
  if (execution.status === 'SUCCEEDED') return skippedOrVerdict(execution, verdict);
  if (execution.status === 'ABORTED' && verdict && hasShownResult(history))
    return { outcome: verdict.kind, reason: verdict.reasons[0] ?? null };
  if (execution.status === 'FAILED' || execution.status === 'TIMED_OUT')
    return { outcome: 'failed', reason: reasonOfFailure(execution, history) };
  return {
    outcome: 'interrupted',
    reason: {
      code: 'Interrupted',
      message: 'The execution was ended from outside; the next tick takes the item up again.',
    },
  };
};

const untouched: Ending = { outcome: 'untouched', reason: null };
const endingOfReceipt = (entry: ReceiptEntry | undefined): Ending => {
  if (!entry) return untouched;
  const reason = { code: entry.reason, message: entry.message };
  if (entry.decision === 'refused') return { outcome: 'refused', reason };
  if (entry.decision === 'parked') return { outcome: 'failed', reason };
  return entry.decision === 'waiting' ? { outcome: 'skipped', reason } : untouched;
};

/** Of each item what the newest receipt says that did not take it. */
const latestEntries = (receipts: readonly Receipt[]): ReadonlyMap<string, ReceiptEntry> => {
  const latest = new Map<string, ReceiptEntry>();
  for (const { entries } of receipts)
    for (const entry of entries)
      if (entry.decision !== 'taken' && !latest.has(entry.itemId)) latest.set(entry.itemId, entry);
  return latest;
};

const executionsByItem = (executions: readonly ItemExecution[]): ReadonlyMap<string, readonly ItemExecution[]> => {
  const byItem = new Map<string, ItemExecution[]>();
  for (const execution of executions) {
    const { itemId = '' } = workItemOf(execution);
    const own = byItem.get(itemId);
    if (own) own.push(execution);
    else byItem.set(itemId, [execution]);
  }
  return byItem;
};

/** What became of each item of the board, in time that grows with the board and not with its square. */
export const collectReportItems = async (sources: ReportSources): Promise<readonly ReportItem[]> => {
  const entries = latestEntries(sources.receipts.map((text) => receiptSchema.parse(JSON.parse(text))));
  const executions = executionsByItem(sources.executions);
  return Promise.all(
    sources.board.map((item) =>
      collectItem(item, executions.get(item.itemId) ?? [], entries.get(item.itemId), sources),
    ),
  );
};

const collectItem = async (
  item: BoardItem,
  own: readonly ItemExecution[],
  entry: ReceiptEntry | undefined,
  sources: ReportSources,
): Promise<ReportItem> => {
  // An execution that did nothing says nothing about the item, unless there is no other.
  const last = own.find((execution) => outputOf(execution).outcome !== 'skipped') ?? own[0];
  const history = last ? sources.history(last.executionArn) : [];
  const result = last
    ? parse(await sources.readObject(buildKeys(artifactPrefix(last.name)).result), buildResultSchema.parse)
    : null;
  const verdict = last ? parse(await sources.readObject(verdictKey(last.name)), verdictSchema.parse) : null;
  const ended = last && endingOf(last, history, verdict);
  // Interrupted too often: the poll has given the item to a person, and no execution tells of that.
  const ending =
    ended && !(ended.outcome === 'interrupted' && entry?.decision === 'parked') ? ended : endingOfReceipt(entry);
  const branch = (last && workItemOf(last).branch) ?? item.branch; // the board may leave it to a linked branch
  const pull = sources.pullRequests.find((open) => open.branch === branch && open.repository === item.repository);
  return {
    number: item.number,
    title: item.title,
    itemId: item.itemId,
    status: item.status,
    branch,
    ...ending,
    executionId: last?.executionArn ?? null,
    executions: own.length,
    steps: [...stepsOf(history)],
    commits: result?.commits ?? [],
    tests: testsOf(result),
    coverage: coverageOf(verdict),
    pullRequest: pull ? { number: pull.number, url: pull.url, isDraft: pull.isDraft, title: pull.title } : null,
    deadLetters: sources.deadLetters.filter(({ itemId }) => itemId === item.itemId).map(({ id }) => id),
  };
};
