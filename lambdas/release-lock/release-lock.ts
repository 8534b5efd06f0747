import type { Lease } from '../../domain/lease';
import type { Task } from '../_kit/contract';
import type { releaseLockContract } from './contract';

type Deps = {
  readonly locks: { readonly release: (lease: Lease, to: 'free' | 'parked') => Promise<'released' | 'superseded'> };
};

/** Gives the item back. A dry run that failed has shown nothing to anybody, so nobody would look at a parked item. */
export const releaseLock: Task<typeof releaseLockContract, Deps> = async ({ lease, park, dryRun }, { locks }) => ({
  outcome: await locks.release(lease, park && !dryRun ? 'parked' : 'free'),
});
