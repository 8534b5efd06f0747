import { countOf } from '../../domain/count-of';
import type { Lease } from '../../domain/lease';
import { type ExecutionLife, hasEnded } from '../../domain/lock-row';
import type { WorkItem } from '../../domain/work-item';
import { HELD, itemKey, leaseOf, slotKey, stateOf } from './lock-attributes';
import { type Attributes, type LockTable, number, text, textOf } from './lock-table';

export type Acquired =
  | { readonly outcome: 'acquired'; readonly lease: Lease }
  | { readonly outcome: 'held' | 'no-free-slot'; readonly message: string };

export type Taking = { readonly item: WorkItem; readonly owner: string; readonly dryRun: boolean };

export type TakingDeps = {
  readonly table: LockTable;
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly now: () => Date;
  readonly maxConcurrentItems: number;
  readonly leaseSeconds: number;
};

/** Takes slot and item; of any number of contenders exactly one gets both. */
export const takeLock = async (taking: Taking, deps: TakingDeps): Promise<Acquired> => {
  const { item, owner } = taking;
  const row = await deps.table.read(itemKey(item.itemId));
  if (row && stateOf(row) === 'held' && textOf(row.owner) === owner)
    return { outcome: 'acquired', lease: leaseOf(row) }; // our own retry
  const obstacle = await obstacleOf(row, taking, deps);
  if (obstacle) return { outcome: 'held', message: obstacle };
  const slot = await takeSlot(taking, deps);
  if (slot === null)
    return {
      outcome: 'no-free-slot',
      message: `No slot is free: ${countOf(deps.maxConcurrentItems, 'item')} may run at once.`,
    };
  const taken = await takeItem(taking, slot, row, deps);
  if (taken) return { outcome: 'acquired', lease: leaseOf(taken) };
  await giveSlotBack(slot, owner, deps.table);
  return { outcome: 'held', message: 'Another execution took the item at the same moment.' };
};

/** Why the item may not be taken; null when it may. */
const obstacleOf = async (
  row: Attributes | null,
  { dryRun }: Taking,
  { executionLife }: TakingDeps,
): Promise<string | null> => {
  const state = stateOf(row);
  if (state === 'free') return null;
  // A dry run gives a free row back: what a row remembers of real runs would be lost.
  if (dryRun) return `The item is ${state}: a dry run takes only what no real run has begun.`;
  const owner = textOf(row?.owner);
  return state === 'held' && !hasEnded(await executionLife(owner)) ? `The item is held by ${owner}.` : null;
};

/** One conditional write: only if the row is still exactly what was read. */
const takeItem = (
  { item, owner, dryRun }: Taking,
  slot: number,
  row: Attributes | null,
  { table, now, leaseSeconds }: TakingDeps,
): Promise<Attributes | null> => {
  const at = now();
  const unchanged = row
    ? {
        condition: `#fence = :fence AND ${row.held ? '#held = :held' : 'attribute_not_exists(#held)'}`,
        values: { fence: row.fence ?? number(0), ...(row.held ? { held: row.held } : {}) },
      }
    : { condition: 'attribute_not_exists(#pk)' };
  // A person has looked at it, or what was counted was a dry run.
  const isAnew = stateOf(row) === 'parked' || row?.dryRun?.BOOL === true;
  return table.update({
    key: itemKey(item.itemId),
    set: {
      owner: text(owner),
      held: text(HELD.held),
      slot: number(slot),
      item: text(JSON.stringify(item)),
      dryRun: { BOOL: dryRun },
      acquiredAt: text(at.toISOString()),
      expiresAt: text(new Date(at.getTime() + leaseSeconds * 1000).toISOString()),
      ...(isAnew ? { attempts: number(1) } : {}),
    },
    add: { fence: 1, ...(isAnew ? {} : { attempts: 1 }) },
    remove: ['begunAt', 'boardTold', 'releasedAt'],
    ...unchanged,
    isDone: (found) => stateOf(found) === 'held' && textOf(found.owner) === owner,
  });
};

/** Our own slot if a try before has taken one, else the first that is free or in the hands of an execution that has ended. */
const takeSlot = async ({ item, owner }: Taking, deps: TakingDeps): Promise<number | null> => {
  const slots = Array.from({ length: deps.maxConcurrentItems }, (_, slot) => slot);
  const holders = await Promise.all(slots.map(async (slot) => textOf((await deps.table.read(slotKey(slot)))?.owner)));
  const own = holders.indexOf(owner);
  if (own >= 0) return own;
  for (const slot of slots) {
    const holder = holders[slot] ?? '';
    if (holder && !hasEnded(await deps.executionLife(holder))) continue;
    const taken = await deps.table.update({
      key: slotKey(slot),
      set: { owner: text(owner), itemId: text(item.itemId), takenAt: text(deps.now().toISOString()) },
      condition: holder ? '#owner = :owner' : 'attribute_not_exists(#owner)',
      ...(holder ? { values: { owner: text(holder) } } : {}),
      isDone: (found) => textOf(found.owner) === owner,
    });
    if (taken) return slot;
  }
  return null;
};

/** Frees the slot if it still is the owner's. */
export const giveSlotBack = async (slot: number, owner: string, table: LockTable): Promise<void> => {
  await table.update({
    key: slotKey(slot),
    remove: ['owner', 'itemId', 'takenAt'],
    condition: '#owner = :owner',
    values: { owner: text(owner) },
  });
};
