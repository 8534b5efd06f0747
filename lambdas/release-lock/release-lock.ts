import type { Lease } from '../../domain/lease';
import type { Task } from '../_kit/contract';
import type { releaseLockContract } from './contract';

type Deps = { readonly locks: { readonly release: (lease: Lease) => Promise<'released' | 'superseded'> } };

/** Gives the item back. Repeating it is harmless; a lease that somebody else has taken over is left alone. */
export const releaseLock: Task<typeof releaseLockContract, Deps> = async ({ lease }, { locks }) => ({
  outcome: await locks.release(lease),
});
