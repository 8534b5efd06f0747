import type { ReceiptEntry } from '../../domain/receipt';

type Decision = ReceiptEntry['decision'];

/** What somebody looks for first comes first. */
const ORDER: readonly Decision[] = ['taken', 'reconciled', 'parked', 'refused', 'waiting'];

/** Entries of each kind that one receipt lists: a board of 10,000 items must not make a receipt of many megabytes. */
export const MAX_LISTED_EACH = 500;

/** What one tick has decided: all of it is counted, the first of each kind is listed. */
export type Decisions = {
  readonly add: (entry: ReceiptEntry) => void;
  /** Counts entries that have no line of their own. */
  readonly addUnlisted: (decision: Decision, count: number) => void;
  readonly listed: () => readonly ReceiptEntry[];
  /** Whether something has been decided about this item already. */
  readonly tells: (itemId: string) => boolean;
  readonly count: (decision: Decision) => number;
  readonly total: () => number;
};

export const createDecisions = (): Decisions => {
  const entries = new Map<Decision, ReceiptEntry[]>(ORDER.map((decision) => [decision, []]));
  const counts = new Map<Decision, number>();
  const count = (decision: Decision) => counts.get(decision) ?? 0;
  const addUnlisted: Decisions['addUnlisted'] = (decision, more) => {
    counts.set(decision, count(decision) + more);
  };
  return {
    add: (entry) => {
      addUnlisted(entry.decision, 1);
      const same = entries.get(entry.decision);
      if (same && same.length < MAX_LISTED_EACH) same.push(entry);
    },
    addUnlisted,
    tells: (itemId) => [...entries.values()].some((same) => same.some((entry) => entry.itemId === itemId)),
    listed: () => [...entries.values()].flat(),
    count,
    total: () => ORDER.reduce((sum, decision) => sum + count(decision), 0),
  };
};
