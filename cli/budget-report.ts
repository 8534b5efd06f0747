import * as z from 'zod';
import { creditBudgetSchema } from '../domain/credit-budget';

/** The `$id` of docs/schemas/budget.schema.json. */
export const BUDGET_SCHEMA = 'urn:kiro-codebuild-worker:budget:1';

/** What `kiro-worker budget show --json` prints. */
export const budgetReportSchema = z.strictObject({
  $schema: z.string(),
  version: z.literal(1),
  environment: z.string(),
  budget: creditBudgetSchema,
  day: z.strictObject({
    date: z.string().describe('UTC'),
    known: z.number().describe('Credits that agents have reported'),
    unknownRuns: z.number().int().describe('Runs of which nobody knows what they cost'),
    reserved: z.number().describe('Credits that running items may still use'),
    softStop: z.number().nullable().describe('From here on no item is begun; null: no limit'),
  }),
  accounts: z
    .array(
      z.strictObject({
        executionArn: z.string(),
        itemId: z.string(),
        reserved: z.number().nullable().describe('What it may spend; null: no limit'),
        state: z
          .enum(['running', 'ended', 'unknown'])
          .describe('ended: the next tick settles it; unknown: Step Functions could not be asked'),
      }),
    )
    .describe('Executions that have begun and are not settled yet'),
  breaker: z.strictObject({
    state: z.enum(['closed', 'open', 'half-open']),
    fruitlessRuns: z.number().int().describe('Runs in a row that have spent and finished no task'),
    triesAgainAt: z.iso.datetime().nullable(),
  }),
  refusal: z
    .strictObject({ reason: z.string(), message: z.string() })
    .nullable()
    .describe('Why no item is begun now; null when items may begin'),
});
export type BudgetReport = z.infer<typeof budgetReportSchema>;
