import type { Lease } from '../../domain/lease';
import type { ExecutionLife, LockRow, LockState } from '../../domain/lock-row';
import type { WorkItem } from '../../domain/work-item';
import { type Attributes, type LockTable, number, numberOf, text, textOf } from './lock-table';

export type Acquired =
  | { readonly outcome: 'acquired'; readonly lease: Lease }
  | { readonly outcome: 'held' | 'no-free-slot'; readonly message: string };

export type Locks = {
  readonly acquire: (item: WorkItem, owner: string) => Promise<Acquired>;
  readonly release: (lease: Lease) => Promise<'released' | 'superseded'>;
  readonly isCurrent: (lease: Lease) => Promise<boolean>;
  /** Rows in one state, from the index, which may lag behind by moments. */
  readonly rows: (state: Exclude<LockState, 'free'>) => Promise<readonly LockRow[]>;
  /** Takes a dead owner's row out of its hands; false when somebody else was faster. */
  readonly abandon: (row: LockRow, to: 'requeued' | 'parked') => Promise<boolean>;
  readonly markBoardTold: (row: LockRow) => Promise<void>;
  /** A person has made a parked item ready again: its attempts start anew. */
  readonly unpark: (row: LockRow) => Promise<boolean>;
};

type Deps = {
  readonly table: LockTable;
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly now: () => Date;
};

const HELD = { held: 'items', requeued: 'requeued', parked: 'parked' } as const;
const itemKey = (itemId: string): string => `item#${itemId}`;
const slotKey = (slot: number): string => `slot#${slot}`;

const stateOf = (held: string): LockState => {
  if (held === HELD.held) return 'held';
  return held === HELD.requeued || held === HELD.parked ? held : 'free';
};

const rowOf = (row: Attributes): LockRow => ({
  itemId: textOf(row.pk).slice('item#'.length),
  state: stateOf(textOf(row.held)),
  owner: textOf(row.owner),
  fence: numberOf(row.fence),
  attempts: numberOf(row.attempts),
  slot: numberOf(row.slot),
  item: JSON.parse(textOf(row.item)) as WorkItem,
  boardTold: row.boardTold?.BOOL === true,
});

const leaseOf = (row: Attributes): Lease => ({
  itemId: textOf(row.pk).slice('item#'.length),
  owner: textOf(row.owner),
  fence: numberOf(row.fence),
  attempt: numberOf(row.attempts),
  slot: numberOf(row.slot),
});

/** Whether the lease is still the newest on its item, and held: asked before every write to GitHub. */
export const isCurrentLease = async (lease: Lease, { table }: Pick<Deps, 'table'>): Promise<boolean> => {
  const row = await table.read(itemKey(lease.itemId));
  if (!row || stateOf(textOf(row.held)) !== 'held') return false;
  return textOf(row.owner) === lease.owner && numberOf(row.fence) === lease.fence;
};

/**
 * The lock of system.md over one table: a row per item, kept on release so that its fence only grows, and a row per concurrency slot.
 * Every change is one conditional write; of any number of contenders exactly one wins. `expiresAt` is for operators: nothing decides by it.
 */
export const dynamoLocks = (
  { maxConcurrentItems, leaseSeconds }: { readonly maxConcurrentItems: number; readonly leaseSeconds: number },
  deps: Deps,
): Locks => {
  const { table } = deps;

  const acquire = async (item: WorkItem, owner: string): Promise<Acquired> => {
    const row = await table.read(itemKey(item.itemId));
    const heldBy = row && stateOf(textOf(row.held)) === 'held' ? textOf(row.owner) : null;
    if (row && heldBy === owner) return { outcome: 'acquired', lease: leaseOf(row) }; // our own retry
    if (heldBy !== null && (await deps.executionLife(heldBy)) !== 'ended')
      return { outcome: 'held', message: `The item is held by ${heldBy}.` };
    const slot = await takeSlot(item.itemId, owner, deps, maxConcurrentItems);
    if (slot === null)
      return { outcome: 'no-free-slot', message: `All ${maxConcurrentItems} slots are taken by running items.` };
    const taken = await takeItem(item, owner, slot, row, { ...deps, leaseSeconds });
    if (taken) return { outcome: 'acquired', lease: leaseOf(taken) };
    await giveSlotBack(slot, owner, table);
    return { outcome: 'held', message: 'Another execution took the item at the same moment.' };
  };

  return {
    acquire,
    release: async (lease) => {
      const released = await table.update({
        key: itemKey(lease.itemId),
        set: { attempts: number(0), releasedAt: text(deps.now().toISOString()) },
        remove: ['held', 'expiresAt'],
        condition: '#owner = :owner AND #fence = :fence AND #held = :held',
        values: { owner: text(lease.owner), fence: number(lease.fence), held: text(HELD.held) },
      });
      await giveSlotBack(lease.slot, lease.owner, table);
      if (released) return 'released';
      const row = await table.read(itemKey(lease.itemId));
      const isOurs = row !== null && textOf(row.owner) === lease.owner && numberOf(row.fence) === lease.fence;
      return isOurs && stateOf(textOf(row.held)) === 'free' ? 'released' : 'superseded';
    },
    isCurrent: (lease) => isCurrentLease(lease, deps),
    rows: async (state) => (await table.queryHeld(HELD[state])).map(rowOf),
    abandon: async (row, to) => {
      const changed = await table.update({
        key: itemKey(row.itemId),
        set: { held: text(HELD[to]), boardTold: { BOOL: false } },
        condition: '#owner = :owner AND #fence = :fence AND #held = :held',
        values: { owner: text(row.owner), fence: number(row.fence), held: text(HELD.held) },
      });
      await giveSlotBack(row.slot, row.owner, table);
      return changed !== null;
    },
    markBoardTold: async (row) => {
      await table.update({
        key: itemKey(row.itemId),
        set: { boardTold: { BOOL: true } },
        condition: '#fence = :fence AND attribute_exists(#held)',
        values: { fence: number(row.fence) },
      });
    },
    unpark: async (row) =>
      (await table.update({
        key: itemKey(row.itemId),
        set: { attempts: number(0) },
        remove: ['held', 'boardTold'],
        condition: '#fence = :fence AND #held = :held',
        values: { fence: number(row.fence), held: text(HELD.parked) },
      })) !== null,
  };
};

/** One conditional write: only if the row is still exactly what was read. */
const takeItem = (
  item: WorkItem,
  owner: string,
  slot: number,
  row: Attributes | null,
  { table, now, leaseSeconds }: Deps & { readonly leaseSeconds: number },
): Promise<Attributes | null> => {
  const at = now();
  const unchanged = row
    ? {
        condition: `#fence = :fence AND ${row.held ? '#held = :held' : 'attribute_not_exists(#held)'}`,
        values: { fence: row.fence ?? number(0), ...(row.held ? { held: row.held } : {}) },
      }
    : { condition: 'attribute_not_exists(#pk)' };
  return table.update({
    key: itemKey(item.itemId),
    set: {
      owner: text(owner),
      held: text(HELD.held),
      slot: number(slot),
      item: text(JSON.stringify(item)),
      acquiredAt: text(at.toISOString()),
      expiresAt: text(new Date(at.getTime() + leaseSeconds * 1000).toISOString()),
    },
    add: { fence: 1, attempts: 1 },
    remove: ['boardTold', 'releasedAt'],
    ...unchanged,
  });
};

/** The first slot that is free, ours already, or in a dead owner's hands. */
const takeSlot = async (
  itemId: string,
  owner: string,
  { table, executionLife, now }: Deps,
  maxConcurrentItems: number,
): Promise<number | null> => {
  for (let slot = 0; slot < maxConcurrentItems; slot += 1) {
    const row = await table.read(slotKey(slot));
    const holder = textOf(row?.owner);
    if (holder && holder !== owner && (await executionLife(holder)) !== 'ended') continue;
    const taken = await table.update({
      key: slotKey(slot),
      set: { owner: text(owner), itemId: text(itemId), takenAt: text(now().toISOString()) },
      condition: holder ? '#owner = :owner' : 'attribute_not_exists(#owner)',
      ...(holder ? { values: { owner: text(holder) } } : {}),
    });
    if (taken) return slot;
  }
  return null;
};

const giveSlotBack = async (slot: number, owner: string, table: LockTable): Promise<void> => {
  await table.update({
    key: slotKey(slot),
    remove: ['owner', 'itemId', 'takenAt'],
    condition: '#owner = :owner',
    values: { owner: text(owner) },
  });
};
