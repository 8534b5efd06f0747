import * as z from 'zod';
import { creditAllowanceSchema } from '../../domain/credit-allowance';
import { leaseSchema } from '../../domain/lease';
import { workItemSchema } from '../../domain/work-item';
import { awsErrors, defineTask } from '../_kit/contract';

/**
 * Takes the item's lock and one concurrency slot for `owner` (the child execution's ARN). Repeating it with the same owner gives the
 * same lease. A row of an owner that has ended is taken over at once; of a living one, or of one that cannot be asked about, never. A dry run
 * takes only what no real run has begun. Before that it settles what executions of the item have spent that were killed, and reserves credits: without them, or while the circuit breaker is open, nothing is taken, and a
 * redrive is an error, so that its dead letter comes back. A redrive that finds no free slot is NoFreeSlot: its dead letter is gone, so it must wait for one.
 */
export const acquireLockContract = defineTask({
  name: 'acquire-lock',
  state: 'AcquireLock',
  purpose: 'Takes the lock of one item and a concurrency slot',
  input: z.strictObject({
    item: workItemSchema,
    owner: z.string().min(1),
    redrive: z.boolean().default(false),
    dryRun: z.boolean(),
  }),
  output: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('acquired'), lease: leaseSchema, credits: creditAllowanceSchema }),
    z.strictObject({ outcome: z.literal('held'), message: z.string() }),
    z.strictObject({ outcome: z.literal('no-free-slot'), message: z.string() }),
    z.strictObject({ outcome: z.literal('no-credits'), message: z.string() }),
  ]),
  errors: ['NoFreeSlot', 'CreditsUsedUp', 'BreakerOpen', 'BudgetInvalid', ...awsErrors],
  timeoutSeconds: 30,
  memoryMegabytes: 256,
  needs: ['locks:read-write', 'artifacts:read', 'executions:describe', 'credit-budget'],
});
