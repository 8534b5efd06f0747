import type { Board, BoardEntry } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { branchNameProblem } from '../../domain/branch-name';
import {
  byUrgency,
  type Candidate,
  completeItem,
  isRefusal,
  mayStart,
  parseEntry,
  receiptEntry,
} from '../../domain/choose-items';
import { describeError, hasCode } from '../../domain/errors';
import type { LockRow } from '../../domain/lock-row';
import type { Receipt, ReceiptEntry } from '../../domain/receipt';
import type { WorkItem } from '../../domain/work-item';
import type { Task, TaskInput } from '../_kit/contract';
import type { pollWorkItemsContract } from './contract';
import { type ReconcileDeps, type Reconciled, reconcile } from './reconcile';

type Deps = ReconcileDeps & {
  readonly settings: () => Promise<BoardSettings>;
  readonly boards: {
    readonly find: (settings: BoardSettings) => Promise<Board>;
    readonly pages: (
      board: Board,
      settings: BoardSettings,
      statuses: readonly string[],
    ) => AsyncIterable<readonly BoardEntry[]>;
    readonly linkedBranch: (issueId: string) => Promise<string | null>;
    readonly branchFacts: (
      repositoryId: string,
      branch: string,
    ) => Promise<{
      readonly isArchived: boolean;
      readonly defaultBranch: string | null;
      readonly isProtected: boolean;
    }>;
  };
  readonly unpark: (row: LockRow) => Promise<boolean>;
  readonly maxConcurrentItems: number;
  readonly receipts: { readonly write: (receipt: Receipt, executionName: string) => Promise<string> };
};

const MAX_RECEIPT_ENTRIES = 2_000;
/** Items whose branch is looked up in one tick, so that a board full of hopeless items cannot use up the rate limit. */
const MAX_LOOK_UPS = 50;

type Choice = {
  readonly items: readonly WorkItem[];
  readonly entries: readonly ReceiptEntry[];
  readonly requests: number;
};

/** Looks at the board once; see the contract for what it promises. */
export const pollWorkItems: Task<typeof pollWorkItemsContract, Deps> = async (input, deps) => {
  const settings = await deps.settings();
  const nothing: Reconciled = { rows: [], living: 0, entries: [] };
  let reconciled = nothing;
  let choice: Choice = { items: [], entries: [], requests: 0 };
  let limit: string | null = null;
  try {
    reconciled = input.dryRun ? nothing : await reconcile(deps);
    choice = await choose(settings, reconciled, deps);
  } catch (error) {
    if (!hasCode(error, 'RateLimited')) throw error;
    limit = describeError(error);
  }
  const outcome = limit ? 'rate-limited' : choice.items.length > 0 ? 'items' : 'idle';
  const message = limit ?? summaryOf(choice);
  const receipt = receiptOf(input, outcome, message, reconciled, choice, deps);
  const receiptKey = await deps.receipts.write(receipt, input.executionName);
  return { outcome, items: [...choice.items], message, receiptKey };
};

const summaryOf = ({ items, entries }: Choice): string => {
  if (items.length > 0) return `Taken: ${items.map(({ issueNumber }) => `#${issueNumber}`).join(', ')}.`;
  const refused = entries.filter(({ decision }) => decision === 'refused').length;
  const waiting = entries.filter(({ decision }) => decision === 'waiting').length;
  return `Nothing to start: ${waiting} waiting, ${refused} refused.`;
};

/** Reads the whole board, page by page, and keeps of it only what may start. */
const choose = async (settings: BoardSettings, reconciled: Reconciled, deps: Deps): Promise<Choice> => {
  const board = await deps.boards.find(settings);
  const rows = new Map(reconciled.rows.map((row) => [row.itemId, row]));
  const candidates: Candidate[] = [];
  const entries: ReceiptEntry[] = [];
  let requests = 1;
  for await (const page of deps.boards.pages(board, settings, [settings.options.ready, settings.options.inProgress])) {
    requests += 1;
    for (const entry of page) {
      const row = rows.get(entry.itemId);
      const note = await sift(entry, row, settings, deps);
      if (note === 'candidate') {
        const parsed = parseEntry(entry, settings);
        if (isRefusal(parsed)) entries.push(receiptEntry(entry, 'refused', parsed));
        else candidates.push(parsed);
      } else if (note) entries.push(note);
    }
  }
  const free = Math.max(0, deps.maxConcurrentItems - reconciled.living);
  const taken = await fillSlots(candidates.sort(byUrgency(settings.priorities)), free, board, deps);
  return { items: taken.items, entries: [...taken.entries, ...entries], requests: requests + taken.requests };
};

/** What the lock table says about an entry before the board is asked any further. */
const sift = async (
  entry: BoardEntry,
  row: LockRow | undefined,
  settings: BoardSettings,
  deps: Pick<Deps, 'unpark'>,
): Promise<ReceiptEntry | 'candidate' | null> => {
  if (row?.state === 'held')
    return receiptEntry(entry, 'waiting', { reason: 'HeldByAnother', message: `Held by ${row.owner}.` });
  if (row?.state === 'parked') {
    const byPerson = row.boardTold && entry.status === settings.options.ready;
    if (byPerson && (await deps.unpark(row))) return 'candidate';
    const message = `${row.attempts} executions of this item died. Mend the cause, then move it to "${settings.options.ready}".`;
    return receiptEntry(entry, 'parked', { reason: 'AttemptsUsedUp', message });
  }
  return mayStart(entry, row, settings) ? 'candidate' : null;
};

const fillSlots = async (candidates: readonly Candidate[], free: number, board: Board, deps: Deps): Promise<Choice> => {
  const items: WorkItem[] = [];
  const entries: ReceiptEntry[] = [];
  let requests = 0;
  let lookUps = 0;
  for (const candidate of candidates) {
    if (items.length >= free || lookUps >= MAX_LOOK_UPS) {
      const reason = items.length >= free ? 'NoFreeSlot' : 'LookUpsUsedUp';
      const message = `Waits for its turn: ${free} of ${deps.maxConcurrentItems} slots were free.`;
      entries.push(receiptEntry(candidate.entry, 'waiting', { reason, message }));
      continue;
    }
    lookUps += 1;
    const knowledge = await lookUp(candidate, deps);
    requests += knowledge.requests;
    const item = completeItem(candidate, board.projectId, knowledge);
    if (isRefusal(item)) entries.push(receiptEntry(candidate.entry, 'refused', item));
    else {
      items.push(item);
      entries.push(receiptEntry(candidate.entry, 'taken', { reason: 'Taken', message: `Branch ${item.branch}.` }));
    }
  }
  return { items, entries, requests };
};

const lookUp = async ({ entry, issue }: Candidate, { boards }: Pick<Deps, 'boards'>) => {
  const branch = entry.branch ?? (await boards.linkedBranch(issue.issueId));
  const linked = entry.branch ? 0 : 1;
  if (branch === null || branchNameProblem(branch))
    return { branch, defaultBranch: null, isProtected: false, isArchived: false, requests: linked };
  return { branch, ...(await boards.branchFacts(issue.repositoryId, branch)), requests: linked + 1 };
};

const receiptOf = (
  { executionArn, startedAt }: TaskInput<typeof pollWorkItemsContract>,
  outcome: Receipt['outcome'],
  message: string,
  reconciled: Reconciled,
  choice: Choice,
  { environment, release, maxConcurrentItems }: Deps,
): Receipt => {
  const all = [...reconciled.entries, ...choice.entries];
  const cut =
    all.length > MAX_RECEIPT_ENTRIES ? ` Only the first ${MAX_RECEIPT_ENTRIES} of ${all.length} items are listed.` : '';
  return {
    version: 1,
    environment,
    release,
    executionArn,
    startedAt,
    outcome,
    requests: choice.requests,
    freeSlots: Math.max(0, maxConcurrentItems - reconciled.living),
    message: message + cut,
    entries: all.slice(0, MAX_RECEIPT_ENTRIES),
  };
};
