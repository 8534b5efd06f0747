import * as z from 'zod';
import { workItemSchema } from './work-item';

/** The step of a dead letter that was written by whoever found the execution dead. */
export const UNKNOWN_STEP = 'Unknown';

/**
 * One failed execution of one item, as it lies in the dead-letter queue.
 * `id` is the failed execution's name: a message that is sent twice is one dead letter, and a redrive that is started twice
 * (under this id as execution name) happens once.
 */
export const deadLetterSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().min(1).max(80),
  environment: z.string(),
  release: z.string(),
  item: workItemSchema,
  step: z.string(),
  error: z.string(),
  cause: z.string(),
  executionArn: z.string(),
  buildId: z.string().nullable(),
  /** The run that failed wrote nothing to GitHub; starting it again does not either. */
  dryRun: z.boolean().default(false),
  attempts: z.number().int().nonnegative(),
  failedAt: z.string(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;
