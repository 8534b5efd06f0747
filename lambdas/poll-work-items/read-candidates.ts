import type { Board, BoardEntry } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import {
  byUrgency,
  type Candidate,
  isRefusal,
  parseEntry,
  type Refusal,
  receiptEntry,
} from '../../domain/choose-items';
import { MAX_ATTEMPTS } from '../../domain/lease';
import type { LockRow } from '../../domain/lock-row';
import type { ReceiptEntry } from '../../domain/receipt';
import type { ReceiptReason } from '../../domain/receipt-reasons';
import type { Decisions } from './decisions';

export type CandidateDeps = {
  readonly boards: {
    readonly pages: (
      board: Board,
      settings: BoardSettings,
      statuses: readonly string[],
    ) => AsyncIterable<readonly BoardEntry[]>;
  };
};

/** Candidates that are kept while the board is read, so that memory does not grow with it. */
export const MAX_CANDIDATES = 500;

type Told = Pick<ReceiptEntry, 'decision' | 'message'> & { readonly reason: ReceiptReason };

const heldBy = ({ owner }: LockRow): Told => ({
  decision: 'waiting',
  reason: 'HeldByAnother',
  message: `Held by ${owner}.`,
});

const waitsForPerson = ({ attempts }: LockRow, { ready }: BoardSettings['options']): Told => ({
  decision: 'parked',
  reason: attempts >= MAX_ATTEMPTS ? 'AttemptsUsedUp' : 'WaitsForPerson',
  message: `It failed in attempt ${attempts}. Mend the cause, then move it to "${ready}" or redrive its dead letter.`,
});

const behindOthers: Refusal = {
  reason: 'BehindOthers',
  message: `${MAX_CANDIDATES} more urgent or older items stand before it.`,
};

const movedAway: Told = {
  decision: 'waiting',
  reason: 'MovedAway',
  message: 'Its execution died, and it is neither ready nor in progress any more.',
};

/** What lock table and status say about an entry: it may be work, it is not (and why), or it is none of our business. */
const judge = (entry: BoardEntry, row: LockRow | undefined, { options }: BoardSettings): 'work' | Told | null => {
  if (row?.state === 'held') return heldBy(row);
  if (row?.state === 'parked' && !(row.boardTold && entry.status === options.ready))
    return waitsForPerson(row, options);
  if (entry.status === options.ready || row?.state === 'requeued') return 'work';
  if (entry.status !== options.inProgress || entry.content.kind !== 'issue') return null;
  const message = `In progress, but no execution of this worker holds it. Move it to "${options.ready}" to have it taken.`;
  return { decision: 'waiting', reason: 'InProgressElsewhere', message };
};

/** Items that the lock table knows and that were on no page: they are in columns that are not read. */
const tellOfUnseen = (rows: Iterable<LockRow>, { options }: BoardSettings, decisions: Decisions): void => {
  for (const row of rows) {
    if (decisions.tells(row.itemId)) continue;
    const told = { held: heldBy(row), parked: waitsForPerson(row, options), requeued: movedAway, free: null }[
      row.state
    ];
    if (told) decisions.add({ itemId: row.itemId, title: row.item.title, url: row.item.url, ...told });
  }
};

/**
 * Reads the whole board, page by page, and keeps of it the most urgent candidates, in order. Every entry that a person may expect to be
 * taken, and that is not, leaves its reason in `decisions`.
 */
export const readCandidates = async (
  board: Board,
  settings: BoardSettings,
  rows: ReadonlyMap<string, LockRow>,
  decisions: Decisions,
  { boards }: CandidateDeps,
): Promise<readonly Candidate[]> => {
  const order = byUrgency(settings.priorities ?? board.priorityOptions);
  const unseen = new Map(rows);
  const best: Candidate[] = [];
  const keepBest = () => {
    best.sort(order);
    for (const { entry } of best.splice(MAX_CANDIDATES)) decisions.add(receiptEntry(entry, 'waiting', behindOthers));
  };
  for await (const page of boards.pages(board, settings, [settings.options.ready, settings.options.inProgress])) {
    for (const entry of page) {
      unseen.delete(entry.itemId);
      const judged = judge(entry, rows.get(entry.itemId), settings);
      if (judged === null) continue;
      if (judged !== 'work') {
        decisions.add(receiptEntry(entry, judged.decision, judged));
        continue;
      }
      const parsed = parseEntry(entry, settings);
      if (isRefusal(parsed)) decisions.add(receiptEntry(entry, 'refused', parsed));
      else best.push(parsed);
    }
    if (best.length > 2 * MAX_CANDIDATES) keepBest();
  }
  keepBest();
  tellOfUnseen(unseen.values(), settings, decisions);
  return best;
};
