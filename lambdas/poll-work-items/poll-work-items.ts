import type { Board } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { breakerStateOf } from '../../domain/circuit-breaker';
import { countOf } from '../../domain/count-of';
import { type CreditPosition, type CreditRefusal, environmentRefusal } from '../../domain/credit-gate';
import { describeError, hasCode } from '../../domain/errors';
import type { Receipt, ReceiptCounts, TickOutcome } from '../../domain/receipt';
import { type SettleEndedDeps, settleEndedAccounts } from '../../domain/settle-ended-accounts';
import { type TellDeps, tellOfBreaker } from '../../domain/tell-of-breaker';
import type { WorkItem } from '../../domain/work-item';
import type { Task, TaskInput } from '../_kit/contract';
import type { pollWorkItemsContract } from './contract';
import { createDecisions, type Decisions } from './decisions';
import { branchKey, fillSlots, type LookUpDeps, type SpentDeps } from './fill-slots';
import { type CandidateDeps, readCandidates } from './read-candidates';
import { type ReconcileDeps, reconcile } from './reconcile';

type Deps = ReconcileDeps &
  SettleEndedDeps &
  TellDeps &
  SpentDeps & {
    readonly credits: { readonly position: () => Promise<CreditPosition> };
    readonly settings: () => Promise<BoardSettings>;
    readonly boards: CandidateDeps['boards'] &
      LookUpDeps['boards'] & { readonly find: (settings: BoardSettings) => Promise<Board> };
    readonly maxConcurrentItems: number;
    readonly receipts: { readonly write: (receipt: Receipt, executionName: string) => Promise<string> };
    /** Requests to GitHub so far. */
    readonly requests: () => number;
  };

type Input = TaskInput<typeof pollWorkItemsContract>;

/** How a tick went. `error` is null unless it ended early. */
type Look = {
  readonly outcome: Receipt['outcome'];
  readonly items: readonly WorkItem[];
  readonly free: number;
  /** What else a person has to know of the tick. */
  readonly note: string | null;
  readonly error: unknown;
};

/** Looks at the board once; see the contract for what it promises. A tick that fails leaves a receipt, too. */
export const pollWorkItems: Task<typeof pollWorkItemsContract, Deps> = async (input, deps) => {
  const asked = deps.requests();
  const decisions = createDecisions();
  const look = await lookAtBoard(input, decisions, deps);
  const { outcome, items } = look;
  const receipt = receiptOf(input, look, decisions, deps.requests() - asked, deps);
  if (outcome === 'failed') {
    // Why it failed matters more than why that could not be written down.
    await deps.receipts.write(receipt, input.executionName).catch(() => undefined);
    throw look.error;
  }
  const receiptKey = await deps.receipts.write(receipt, input.executionName);
  const { message } = receipt;
  return { outcome, items: [...items], message, counts: decisions.counts(), receiptKey };
};

/** With the circuit breaker half open one item shows whether things have become better. */
const freeSlots = (living: number, position: CreditPosition, { maxConcurrentItems, now }: Deps): number => {
  const free = Math.max(0, maxConcurrentItems - living);
  return breakerStateOf(position.breaker, position.budget, now()) === 'half-open' ? Math.min(1, free) : free;
};

/** What a tick is called that has begun nothing. */
const nothingBegun = (refusal: CreditRefusal | null, { waiting, refused, parked }: ReceiptCounts): TickOutcome => {
  if (refusal && waiting > 0) return 'stopped';
  if (refused + parked > 0) return 'refused';
  return waiting > 0 ? 'waiting' : 'idle';
};

const lookAtBoard = async ({ dryRun }: Input, decisions: Decisions, deps: Deps): Promise<Look> => {
  let free = 0;
  let note: string | null = null;
  try {
    const settings = await deps.settings();
    if (!dryRun) {
      await settleEndedAccounts(() => true, deps);
      note = await tellOfBreaker(deps);
    }
    const position = await deps.credits.position();
    const refusal = environmentRefusal(position, deps.now());
    const { rows, living } = await reconcile(settings, dryRun, decisions, deps);
    free = freeSlots(living.length, position, deps);
    const board = await deps.boards.find(settings);
    const candidates = await readCandidates(board, settings, rows, decisions, deps);
    const busyBranches = new Set(living.map(({ item }) => branchKey(item)));
    const { budget } = position;
    const world = { free, projectId: board.projectId, busyBranches, budget, refusal };
    const items = await fillSlots(candidates, world, decisions, deps);
    const stops = candidates.length > 0 ? refusal : null;
    const outcome = items.length > 0 ? 'items' : nothingBegun(stops, decisions.counts());
    return { outcome, items, free, note, error: null };
  } catch (error) {
    return { outcome: outcomeOf(error), items: [], free, note, error };
  }
};

/** What passes by itself ends the tick quietly: the next one looks again. */
const outcomeOf = (error: unknown): Look['outcome'] => {
  if (hasCode(error, 'RateLimited')) return 'rate-limited';
  return hasCode(error, 'GitHubUnavailable') ? 'github-unavailable' : 'failed';
};

/** What is said of a tick that has begun nothing. */
const words = {
  idle: 'Nothing to do',
  waiting: 'Everything has to wait',
  refused: 'Nothing can be begun without a person',
  stopped: 'Stopped by the budget or the circuit breaker',
} as const;

const summaryOf = ({ outcome, items, error }: Look, { waiting, refused, parked }: ReceiptCounts): string => {
  if (outcome === 'rate-limited' || outcome === 'github-unavailable' || outcome === 'failed')
    return describeError(error);
  if (outcome === 'items') return `Taken: ${items.map(({ issueNumber }) => `#${issueNumber}`).join(', ')}.`;
  if (outcome === 'idle') return `${words.idle}: no item is ready.`;
  const forPerson = parked > 0 ? `, ${parked} for a person` : '';
  return `${words[outcome]}: ${waiting} waiting, ${refused} refused${forPerson}.`;
};

const receiptOf = (
  { executionArn, startedAt, dryRun }: Input,
  look: Look,
  decisions: Decisions,
  requests: number,
  { environment, release }: Deps,
): Receipt => {
  const entries = [...decisions.listed()];
  const all = decisions.total();
  const counts = decisions.counts();
  const cut = all > entries.length ? ` ${entries.length} of ${countOf(all, 'item')} are listed.` : '';
  return {
    version: 1,
    environment,
    release,
    executionArn,
    startedAt,
    outcome: look.outcome,
    dryRun,
    requests,
    freeSlots: look.free,
    message: summaryOf(look, counts) + cut + (look.note ? ` ${look.note}` : ''),
    counts,
    unlisted: all - entries.length,
    entries,
  };
};
