import * as z from 'zod';

/** What a poll decided about one board item, and why. */
export const receiptEntrySchema = z.strictObject({
  itemId: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  /** On the board when it was looked at; absent where only the lock table tells of it. */
  status: z.string().nullable().optional(),
  decision: z.enum(['taken', 'waiting', 'refused', 'reconciled', 'parked']),
  /** A word of domain/receipt-reasons.ts, for machines; the message is for people. */
  reason: z.string(),
  message: z.string(),
});
export type ReceiptEntry = z.infer<typeof receiptEntrySchema>;

/**
 * How a tick went. `items`: something was begun. Nothing was begun: `idle`, because nothing wants to be; `waiting`, because everything has to
 * wait for its turn; `refused`, because of items that cannot be begun until a person does something; `stopped`, because the budget or the circuit
 * breaker holds the whole environment. `rate-limited`, `github-unavailable` and `failed`: the board was not read to its end.
 */
export const tickOutcomes = [
  'items',
  'idle',
  'waiting',
  'refused',
  'stopped',
  'rate-limited',
  'github-unavailable',
  'failed',
] as const;
export type TickOutcome = (typeof tickOutcomes)[number];

/** Outcomes of ticks that have decided about nothing: what GitHub's board says is not known from them. */
const BLIND: readonly TickOutcome[] = ['rate-limited', 'github-unavailable', 'failed'];

/** Whether a tick has read the board to its end. */
export const hasReadBoard = ({ outcome }: { readonly outcome: TickOutcome }): boolean => !BLIND.includes(outcome);

const count = z.number().int().nonnegative();
export const receiptCountsSchema = z.strictObject({
  taken: count,
  waiting: count,
  refused: count,
  reconciled: count,
  parked: count,
});
export type ReceiptCounts = z.infer<typeof receiptCountsSchema>;

/** Every poll leaves one: what it saw, what it took, what it refused and why. */
export const receiptSchema = z.strictObject({
  version: z.literal(1),
  environment: z.string(),
  release: z.string(),
  executionArn: z.string(),
  startedAt: z.iso.datetime(),
  outcome: z.enum(tickOutcomes),
  /** A dry run begins items as well, and writes nothing to GitHub. */
  dryRun: z.boolean().default(false),
  /** Requests to GitHub's API in this tick. */
  requests: z.number().int().nonnegative(),
  freeSlots: z.number().int().nonnegative(),
  message: z.string(),
  /** Of all items that were decided about, also of those that are not listed. */
  counts: receiptCountsSchema.nullable().default(null),
  /** Items that were decided about and have no entry: a receipt lists 10,000 of a kind. */
  unlisted: count.default(0),
  entries: z.array(receiptEntrySchema),
});
export type Receipt = z.infer<typeof receiptSchema>;
