import { WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import type { WorkItem } from '../../domain/work-item';
import type { Task } from '../_kit/contract';
import type { acquireLockContract } from './contract';

type Acquired =
  | { readonly outcome: 'acquired'; readonly lease: Lease }
  | { readonly outcome: 'held' | 'no-free-slot'; readonly message: string };

type Deps = {
  readonly locks: {
    readonly acquire: (taking: {
      readonly item: WorkItem;
      readonly owner: string;
      readonly dryRun: boolean;
    }) => Promise<Acquired>;
  };
};

/** Takes item and slot for `owner`; see the contract. */
export const acquireLock: Task<typeof acquireLockContract, Deps> = async ({ redrive, ...taking }, { locks }) => {
  const acquired = await locks.acquire(taking);
  if (acquired.outcome === 'acquired') return { outcome: 'acquired', lease: acquired.lease };
  if (acquired.outcome === 'no-free-slot' && redrive)
    throw new WorkerError('NoFreeSlot', acquired.message, 'The redrive waits for a free slot.');
  return { outcome: acquired.outcome, message: acquired.message };
};
