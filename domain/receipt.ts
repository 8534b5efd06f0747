import * as z from 'zod';

/** What a poll decided about one board item, and why. */
export const receiptEntrySchema = z.strictObject({
  itemId: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  decision: z.enum(['taken', 'waiting', 'refused', 'reconciled', 'parked']),
  /** One of a closed list of words for machines, e.g. `NoFreeSlot`; the message is for people. */
  reason: z.string(),
  message: z.string(),
});
export type ReceiptEntry = z.infer<typeof receiptEntrySchema>;

/** Every poll leaves one: what it saw, what it took, what it refused and why. */
export const receiptSchema = z.strictObject({
  version: z.literal(1),
  environment: z.string(),
  release: z.string(),
  executionArn: z.string(),
  startedAt: z.iso.datetime(),
  outcome: z.enum(['items', 'idle', 'rate-limited', 'github-unavailable', 'failed']),
  /** Requests to GitHub's API in this tick. */
  requests: z.number().int().nonnegative(),
  freeSlots: z.number().int().nonnegative(),
  message: z.string(),
  entries: z.array(receiptEntrySchema),
});
export type Receipt = z.infer<typeof receiptSchema>;
