import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type BreakerRecord, breakerRecordSchema, freshBreaker } from '../../domain/circuit-breaker';
import { creditAllowanceSchema } from '../../domain/credit-allowance';
import { addSpent, type Spent } from '../../domain/credit-budget';
import { workItemSchema } from '../../domain/work-item';
import { type Attributes, textOf } from './lock-table';

/** Rows of the locks table beside those of items and slots. No `held`: they are in no index. */
export const creditKeys = {
  /** Executions that have begun and whose spending is not written down yet. */
  open: 'credits#open',
  breaker: 'credits#breaker',
  day: (day: string) => `credits#day#${day}`,
  item: (itemId: string) => `credits#item#${itemId}`,
} as const;

const PREFIX = 'x_';

/** The attribute of an execution in such a row. Writing it twice says nothing new, so nothing is counted twice. */
export const accountAttribute = (executionName: string): string =>
  PREFIX + createHash('sha256').update(executionName).digest('hex').slice(0, 24);

const openAccountSchema = z.object({
  executionArn: z.string(),
  executionName: z.string(),
  item: workItemSchema,
  dryRun: z.boolean(),
  allowance: creditAllowanceSchema,
  openedAt: z.string(),
});
export type OpenAccount = z.infer<typeof openAccountSchema>;

const spentSchema = z.object({
  executionName: z.string(),
  known: z.number(),
  unknownRuns: z.number(),
  at: z.string(),
  fruitful: z.boolean(),
});
/** What one execution has spent, as a row keeps it. */
export type SettledAccount = z.infer<typeof spentSchema>;

const accountsIn = <T>(row: Attributes | null, schema: z.ZodType<T>): readonly T[] =>
  Object.entries(row ?? {})
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([, value]) => schema.parse(JSON.parse(textOf(value))));

export const openAccountsIn = (row: Attributes | null): readonly OpenAccount[] => accountsIn(row, openAccountSchema);

export const settledAccountsIn = (row: Attributes | null): readonly SettledAccount[] =>
  [...accountsIn(row, spentSchema)].sort((a, b) => a.at.localeCompare(b.at));

export const spentIn = (row: Attributes | null): Spent => addSpent(accountsIn(row, spentSchema));

/** Whose run has opened the circuit breaker: its issue is to be told. */
const tellingSchema = z.object({ executionName: z.string(), item: workItemSchema });
export type BreakerTelling = z.infer<typeof tellingSchema>;

export const tellingIn = (row: Attributes | null): BreakerTelling | null =>
  row?.untold ? tellingSchema.parse(JSON.parse(textOf(row.untold))) : null;

export const breakerIn = (row: Attributes | null): BreakerRecord =>
  row?.record ? breakerRecordSchema.parse(JSON.parse(textOf(row.record))) : freshBreaker;
