import * as z from 'zod';
import { leaseSchema } from '../../domain/lease';
import { defineTask } from '../_kit/contract';

/** Gives the item and its slot back. Repeating it is harmless; a lease that somebody else has taken over is left alone (`superseded`). */
export const releaseLockContract = defineTask({
  name: 'release-lock',
  state: 'ReleaseLock',
  purpose: 'Gives the item and its slot back',
  input: z.strictObject({ lease: leaseSchema, dryRun: z.boolean() }),
  output: z.strictObject({ outcome: z.enum(['released', 'superseded']) }),
  errors: ['AwsUnavailable'],
  timeoutSeconds: 30,
  memoryMegabytes: 256,
  needs: ['locks:read-write'],
});
