import type { Lease } from '../../domain/lease';
import type { WorkItem } from '../../domain/work-item';
import type { Task } from '../_kit/contract';
import type { acquireLockContract } from './contract';

type Acquired =
  | { readonly outcome: 'acquired'; readonly lease: Lease }
  | { readonly outcome: 'held' | 'no-free-slot'; readonly message: string };

type Deps = { readonly locks: { readonly acquire: (item: WorkItem, owner: string) => Promise<Acquired> } };

/** Takes item and slot for `owner`. A dry run takes them too: that is how it is kept apart from a real one. */
export const acquireLock: Task<typeof acquireLockContract, Deps> = async ({ item, owner }, { locks }) => {
  const acquired = await locks.acquire(item, owner);
  if (acquired.outcome === 'acquired') return { outcome: 'acquired', lease: acquired.lease };
  return { outcome: acquired.outcome, message: acquired.message };
};
