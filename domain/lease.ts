import * as z from 'zod';

/**
 * The right to work on one board item, as the winner of AcquireLock holds it.
 * `owner` is the child execution's ARN. `fence` only ever grows per item: a write that carries an old one is refused.
 * `attempt` counts the starts of this item since it last ended by itself; `slot` is the concurrency row that was taken.
 */
export const leaseSchema = z.strictObject({
  itemId: z.string().min(1),
  owner: z.string().min(1),
  fence: z.number().int().positive(),
  attempt: z.number().int().positive(),
  slot: z.number().int().nonnegative(),
});

export type Lease = z.infer<typeof leaseSchema>;

/** Starts of one item that may die (aborted, timed out) before a person has to look at it. */
export const MAX_ATTEMPTS = 3;
