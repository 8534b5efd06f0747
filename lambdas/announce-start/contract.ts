import * as z from 'zod';
import { leaseSchema } from '../../domain/lease';
import { workItemSchema } from '../../domain/work-item';
import { defineTask, githubErrors } from '../_kit/contract';

/**
 * Moves the item to "In progress" and reads that back. Between poll and lock another execution may have finished the item, or a person
 * may have moved it: then the outcome is `no-longer-ready` and nothing is written. A redrive also accepts an item that needs attention.
 */
export const announceStartContract = defineTask({
  name: 'announce-start',
  state: 'AnnounceStart',
  purpose: 'Shows on the board that the item is in progress',
  input: z.strictObject({ item: workItemSchema, lease: leaseSchema, redrive: z.boolean(), dryRun: z.boolean() }),
  output: z.strictObject({ outcome: z.enum(['announced', 'no-longer-ready']), message: z.string() }),
  errors: ['LeaseLost', ...githubErrors],
  timeoutSeconds: 60,
  memoryMegabytes: 256,
  needs: ['locks:read-write', 'board-settings', 'github-token'],
});
