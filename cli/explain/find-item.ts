import { countOf } from '../../domain/count-of';
import type { DeadLetter } from '../../domain/dead-letter';
import { WorkerError } from '../../domain/errors';
import type { Receipt } from '../../domain/receipt';
import type { WorkItem } from '../../domain/work-item';

export type FoundItem = Pick<WorkItem, 'itemId' | 'title'> & { readonly url: string | null };

/** Everything that names items: receipts, newest first, and items that locks, dead letters and accounts hold whole. */
export type Sources = {
  readonly receipts: readonly Receipt[];
  readonly items: readonly WorkItem[];
  readonly deadLetters: readonly DeadLetter[];
};

const numberIn = (asked: string): string | null => /^#?(\d+)$/.exec(asked)?.[1] ?? null;
const shortIn = (asked: string): string | null => {
  const match = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(asked);
  return match ? `/${match[1]}/issues/${match[2]}`.toLowerCase() : null;
};
const addressIn = (asked: string): string =>
  asked
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .toLowerCase();

/** Whether what somebody has typed (item id, 12, #12, owner/name#12, address of the issue) means this item. */
export const isMeant = (asked: string, { itemId, url }: Pick<FoundItem, 'itemId' | 'url'>): boolean => {
  if (asked === itemId) return true;
  const address = url?.toLowerCase() ?? '';
  const number = numberIn(asked);
  if (number !== null) return address.endsWith(`/issues/${number}`);
  const short = shortIn(asked);
  if (short !== null) return address.endsWith(short);
  return /^https?:/i.test(asked) && addressIn(asked) === address;
};

/** The item that is meant. @throws ValidationError when nothing here knows of it, or when more than one may be meant */
export const findItem = (asked: string, { receipts, items, deadLetters }: Sources): FoundItem => {
  const all: readonly FoundItem[] = [
    ...receipts.flatMap(({ entries }) => entries),
    ...items,
    ...deadLetters.map(({ item }) => item),
  ];
  const found = new Map<string, FoundItem>();
  for (const { itemId, title, url } of all)
    if (isMeant(asked, { itemId, url }) && !found.has(itemId)) found.set(itemId, { itemId, title, url });
  const [item, ...others] = found.values();
  if (item && others.length === 0) return item;
  if (item)
    throw new WorkerError(
      'ValidationError',
      `"${asked}" may mean ${others.length + 1} items.`,
      `Give the address of one: ${[item, ...others].map(({ url, itemId }) => url ?? itemId).join(', ')}`,
    );
  const looked =
    receipts.length === 0 ? 'there are no receipts yet' : `${countOf(receipts.length, 'receipt')} searched`;
  throw new WorkerError(
    'ValidationError',
    `No tick has decided anything about "${asked}" (${looked}).`,
    'An item gets a decision when it is on the board in the ready or in-progress column. Give its number, its address, or its item id; kiro-worker ticks shows whether the board is read.',
  );
};
