import type { LockRow, LockState } from '../../domain/lock-row';
import { HELD, itemKey, rowOf, slotKey } from './lock-attributes';
import { type LockTable, textOf } from './lock-table';

export type SlotView = { readonly slot: number; readonly owner: string | null; readonly itemId: string | null };

/** The locks as somebody sees them who only looks. */
export type LockView = {
  /** Null: no execution has ever taken it. */
  readonly rowOfItem: (itemId: string) => Promise<(LockRow & { readonly acquiredAt: string | null }) | null>;
  readonly rows: (state: Exclude<LockState, 'free'>) => Promise<readonly LockRow[]>;
  readonly slots: (count: number) => Promise<readonly SlotView[]>;
};

export const lockView = ({ table }: { readonly table: LockTable }): LockView => ({
  rowOfItem: async (itemId) => {
    const row = await table.read(itemKey(itemId));
    return row && { ...rowOf(row), acquiredAt: textOf(row.acquiredAt) || null };
  },
  rows: async (state) => (await table.queryHeld(HELD[state])).map(rowOf),
  slots: (count) =>
    Promise.all(
      Array.from({ length: count }, async (_, slot) => {
        const row = await table.read(slotKey(slot));
        return { slot, owner: textOf(row?.owner) || null, itemId: textOf(row?.itemId) || null };
      }),
    ),
});
