import * as z from 'zod';
import { leaseSchema } from '../../domain/lease';
import { awsErrors, defineTask } from '../_kit/contract';

/**
 * Gives the item and its slot back. Repeating it is harmless; a lease that somebody else has taken over is left alone (`superseded`).
 * `park`: the item failed and the board could not be told, so it would start again at the next tick, and fail again; it waits for a person.
 */
export const releaseLockContract = defineTask({
  name: 'release-lock',
  state: 'ReleaseLock',
  purpose: 'Gives the item and its slot back',
  input: z.strictObject({ lease: leaseSchema, park: z.boolean(), dryRun: z.boolean() }),
  output: z.strictObject({ outcome: z.enum(['released', 'superseded']) }),
  errors: [...awsErrors],
  timeoutSeconds: 30,
  memoryMegabytes: 256,
  needs: ['locks:read-write'],
});
