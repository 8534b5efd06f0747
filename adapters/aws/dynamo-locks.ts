import type { Lease } from '../../domain/lease';
import type { LockRow, LockState } from '../../domain/lock-row';
import { HELD, isOf, itemKey, rowOf, stateOf } from './lock-attributes';
import { number, text, type Update } from './lock-table';
import { type Acquired, giveSlotBack, type Taking, type TakingDeps, takeLock } from './take-lock';

type Start = Pick<Lease, 'itemId' | 'owner' | 'fence'>;

export type Locks = {
  /** Takes item and slot. Repeating it with the same owner gives the same lease. */
  readonly acquire: (taking: Taking) => Promise<Acquired>;
  /** Gives item and slot back; a parked item waits for a person. A lease that is no longer current changes nothing. */
  readonly release: (lease: Lease, to: 'free' | 'parked') => Promise<'released' | 'superseded'>;
  readonly isCurrent: (start: Start) => Promise<boolean>;
  /** Notes that the work is about to be shown on the board; false when the lease is no longer current. */
  readonly begin: (lease: Lease) => Promise<boolean>;
  readonly hasBegun: (lease: Lease) => Promise<boolean>;
  /** Rows in one state, from the index, which may lag behind by moments. */
  readonly rows: (state: Exclude<LockState, 'free'>) => Promise<readonly LockRow[]>;
  /** Takes the row of an execution that has ended out of its hands; false when somebody else was faster. */
  readonly abandon: (row: LockRow, to: Exclude<LockState, 'held'>) => Promise<boolean>;
  readonly markBoardTold: (row: LockRow) => Promise<void>;
};

const isStillHeld = ({ owner, fence }: Start) => ({
  condition: '#owner = :owner AND #fence = :fence AND #held = :held',
  values: { owner: text(owner), fence: number(fence), held: text(HELD.held) },
});

/** What a row becomes when nobody holds it any more. A free one starts counting attempts anew. */
const letGo = (to: Exclude<LockState, 'held'>): Pick<Update, 'set' | 'remove'> =>
  to === 'free'
    ? { set: { attempts: number(0) }, remove: ['held', 'expiresAt'] }
    : { set: { held: text(HELD[to]), boardTold: { BOOL: false } }, remove: ['expiresAt'] };

/** Whether the lease is still the newest on its item, and held: asked before every write to GitHub. */
export const isCurrentLease = async (start: Start, { table }: Pick<TakingDeps, 'table'>): Promise<boolean> => {
  const row = await table.read(itemKey(start.itemId));
  return isOf(row, start) && stateOf(row) === 'held';
};

/**
 * The lock of system.md over one table: a row per item, kept on release so that its fence only grows, and a row per concurrency slot.
 * Every change is one conditional write. `expiresAt` is for operators: nothing decides by it.
 */
export const dynamoLocks = (deps: TakingDeps): Locks => {
  const { table } = deps;
  return {
    acquire: (taking) => takeLock(taking, deps),
    release: async (lease, to) => {
      const released = await table.update({
        key: itemKey(lease.itemId),
        ...letGo(to),
        ...isStillHeld(lease),
        isDone: (row) => isOf(row, lease) && stateOf(row) === to,
      });
      await giveSlotBack(lease.slot, lease.owner, table);
      return released ? 'released' : 'superseded';
    },
    isCurrent: (start) => isCurrentLease(start, { table }),
    begin: async (lease) => {
      const begunAt = text(deps.now().toISOString());
      return (await table.update({ key: itemKey(lease.itemId), set: { begunAt }, ...isStillHeld(lease) })) !== null;
    },
    hasBegun: async (lease) => {
      const row = await table.read(itemKey(lease.itemId));
      return isOf(row, lease) && row.begunAt !== undefined;
    },
    rows: async (state) => (await table.queryHeld(HELD[state])).map(rowOf),
    abandon: async (row, to) => {
      const changed = await table.update({ key: itemKey(row.itemId), ...letGo(to), ...isStillHeld(row) });
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
  };
};
