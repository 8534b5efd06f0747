import type { Lease } from '../../domain/lease';
import type { LockRow, LockState } from '../../domain/lock-row';
import type { WorkItem } from '../../domain/work-item';
import { type Attributes, numberOf, textOf } from './lock-table';

/** The attribute `held` of an item's row, by which the sparse index finds it; a free row has none. */
export const HELD = { held: 'items', requeued: 'requeued', parked: 'parked' } as const;

const ITEM_PREFIX = 'item#';
export const itemKey = (itemId: string): string => `${ITEM_PREFIX}${itemId}`;
export const slotKey = (slot: number): string => `slot#${slot}`;

export const stateOf = (row: Attributes | null): LockState => {
  const held = textOf(row?.held);
  if (held === HELD.held) return 'held';
  return held === HELD.requeued || held === HELD.parked ? held : 'free';
};

const itemIdOf = (row: Attributes): string => textOf(row.pk).slice(ITEM_PREFIX.length);

export const rowOf = (row: Attributes): LockRow => ({
  itemId: itemIdOf(row),
  state: stateOf(row),
  owner: textOf(row.owner),
  fence: numberOf(row.fence),
  attempts: numberOf(row.attempts),
  slot: numberOf(row.slot),
  item: JSON.parse(textOf(row.item)) as WorkItem,
  dryRun: row.dryRun?.BOOL === true,
  begun: row.begunAt !== undefined,
  boardTold: row.boardTold?.BOOL === true,
});

export const leaseOf = (row: Attributes): Lease => ({
  itemId: itemIdOf(row),
  owner: textOf(row.owner),
  fence: numberOf(row.fence),
  attempt: numberOf(row.attempts),
  slot: numberOf(row.slot),
});

/** Whether the row still is of that start of that execution, whatever has become of it. */
export const isOf = (row: Attributes | null, { owner, fence }: Pick<Lease, 'owner' | 'fence'>): row is Attributes =>
  row !== null && textOf(row.owner) === owner && numberOf(row.fence) === fence;
