import { cutText } from '../../domain/markdown';
import type { ReceiptCounts, ReceiptEntry } from '../../domain/receipt';

type Decision = ReceiptEntry['decision'];

/** What somebody looks for first comes first. */
const ORDER: readonly Decision[] = ['taken', 'reconciled', 'parked', 'refused', 'waiting'];

/** Entries of each kind that one receipt lists: every item of a board of 10,000, and never a receipt of a hundred megabytes. */
const MAX_LISTED_EACH = 10_000;
const TITLE_LIMIT = 120;
const MESSAGE_LIMIT = 500;

/** What one tick has decided: all of it is counted, the first of each kind is listed. */
export type Decisions = {
  readonly add: (entry: ReceiptEntry) => void;
  readonly listed: () => readonly ReceiptEntry[];
  /** Whether something has been decided about this item already. */
  readonly tells: (itemId: string) => boolean;
  readonly counts: () => ReceiptCounts;
  readonly total: () => number;
};

export const createDecisions = (): Decisions => {
  const entries = new Map<Decision, ReceiptEntry[]>(ORDER.map((decision) => [decision, []]));
  const told = new Set<string>();
  const counts = { taken: 0, waiting: 0, refused: 0, reconciled: 0, parked: 0 };
  return {
    add: (entry) => {
      counts[entry.decision] += 1;
      const same = entries.get(entry.decision);
      if (!same || same.length >= MAX_LISTED_EACH) return;
      told.add(entry.itemId);
      same.push({ ...entry, title: cutText(entry.title, TITLE_LIMIT), message: cutText(entry.message, MESSAGE_LIMIT) });
    },
    tells: (itemId) => told.has(itemId),
    listed: () => [...entries.values()].flat(),
    counts: () => ({ ...counts }),
    total: () => ORDER.reduce((sum, decision) => sum + counts[decision], 0),
  };
};
