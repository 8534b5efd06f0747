import type { Board } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { countOf } from '../../domain/count-of';
import { describeError, hasCode } from '../../domain/errors';
import type { Receipt } from '../../domain/receipt';
import type { WorkItem } from '../../domain/work-item';
import type { Task, TaskInput } from '../_kit/contract';
import type { pollWorkItemsContract } from './contract';
import { createDecisions, type Decisions } from './decisions';
import { branchKey, fillSlots, type LookUpDeps } from './fill-slots';
import { type CandidateDeps, readCandidates } from './read-candidates';
import { type ReconcileDeps, reconcile } from './reconcile';

type Deps = ReconcileDeps & {
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
  return { outcome, items: [...items], message: receipt.message, receiptKey };
};

const lookAtBoard = async ({ dryRun }: Input, decisions: Decisions, deps: Deps): Promise<Look> => {
  let free = 0;
  try {
    const settings = await deps.settings();
    const { rows, living } = await reconcile(settings, dryRun, decisions, deps);
    free = Math.max(0, deps.maxConcurrentItems - living.length);
    const board = await deps.boards.find(settings);
    const candidates = await readCandidates(board, settings, rows, decisions, deps);
    const busyBranches = new Set(living.map(({ item }) => branchKey(item)));
    const items = await fillSlots(candidates, { free, projectId: board.projectId, busyBranches }, decisions, deps);
    return { outcome: items.length > 0 ? 'items' : 'idle', items, free, error: null };
  } catch (error) {
    return { outcome: hasCode(error, 'RateLimited') ? 'rate-limited' : 'failed', items: [], free, error };
  }
};

const summaryOf = ({ items, error }: Look, decisions: Decisions): string => {
  if (error !== null) return describeError(error);
  if (items.length > 0) return `Taken: ${items.map(({ issueNumber }) => `#${issueNumber}`).join(', ')}.`;
  const parked = decisions.count('parked');
  const forPerson = parked > 0 ? `, ${parked} for a person` : '';
  return `Nothing to start: ${decisions.count('waiting')} waiting, ${decisions.count('refused')} refused${forPerson}.`;
};

const receiptOf = (
  { executionArn, startedAt }: Input,
  look: Look,
  decisions: Decisions,
  requests: number,
  { environment, release }: Deps,
): Receipt => {
  const entries = [...decisions.listed()];
  const all = decisions.total();
  const cut = all > entries.length ? ` ${entries.length} of ${countOf(all, 'item')} are listed.` : '';
  return {
    version: 1,
    environment,
    release,
    executionArn,
    startedAt,
    outcome: look.outcome,
    requests,
    freeSlots: look.free,
    message: summaryOf(look, decisions) + cut,
    entries,
  };
};
