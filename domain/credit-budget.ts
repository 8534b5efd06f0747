import * as z from 'zod';
import { countOf } from './count-of';
import { WorkerError } from './errors';

/** Credits; null: no limit. 0 means that nothing may be spent. */
const limit = z.number().min(0).max(1_000_000).nullable();

/** The value of the parameter `/kiro-worker/{env}/credit-budget`: what may be spent, and when to stop. What is absent has its default. */
export const creditBudgetSchema = z.strictObject({
  itemCredits: limit.default(100).describe('Credits for one item, over all its runs; null: no limit'),
  dayCredits: limit.default(300).describe('Credits of the environment for one day (UTC); null: no limit'),
  softStopPercent: z
    .number()
    .min(1)
    .max(100)
    .default(80)
    .describe('From this share of a budget on nothing new is begun: no item, and inside a build no task'),
  unknownRunCredits: z
    .number()
    .positive()
    .max(10_000)
    .default(1)
    .describe('What a run of the agent counts as when nobody knows what it cost'),
  breakerRuns: z
    .number()
    .int()
    .min(1)
    .max(20)
    .nullable()
    .default(3)
    .describe('Runs in a row that spend and finish no task, after which nothing is begun any more; null: never'),
  breakerMinutes: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .default(360)
    .describe('Minutes after which one item is tried again; null: only a person closes the breaker'),
});
export type CreditBudget = z.infer<typeof creditBudgetSchema>;

export const defaultCreditBudget: CreditBudget = creditBudgetSchema.parse({});

/** What has been spent: credits that are known, and runs of the agent of which nobody knows what they cost. */
export type Spent = { readonly known: number; readonly unknownRuns: number };

export const nothingSpent: Spent = { known: 0, unknownRuns: 0 };

/** Agents report hundredths; sums of floating-point numbers show more. */
export const roundCredits = (credits: number): number => Math.round(credits * 10_000) / 10_000;

export const addSpent = (all: readonly Spent[]): Spent => ({
  known: roundCredits(all.reduce((sum, { known }) => sum + known, 0)),
  unknownRuns: all.reduce((sum, { unknownRuns }) => sum + unknownRuns, 0),
});

/** What counts against a budget: an unknown run never counts as nothing. */
export const chargeOf = (
  { known, unknownRuns }: Spent,
  { unknownRunCredits }: Pick<CreditBudget, 'unknownRunCredits'>,
): number => roundCredits(known + unknownRuns * unknownRunCredits);

/** In words: `12.5 credits and 2 runs of unknown cost (counted as 1 each)`. */
export const describeSpent = (
  { known, unknownRuns }: Spent,
  { unknownRunCredits }: Pick<CreditBudget, 'unknownRunCredits'>,
): string =>
  unknownRuns === 0
    ? countOf(known, 'credit')
    : `${countOf(known, 'credit')} and ${countOf(unknownRuns, 'run')} of unknown cost (counted as ${unknownRunCredits} each)`;

export const softLimitOf = (credits: number | null, { softStopPercent }: CreditBudget): number | null =>
  credits === null ? null : roundCredits((credits * softStopPercent) / 100);

/** The day of a budget, UTC: `2026-11-24`. */
export const budgetDayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The budget as a parameter's text says it. @throws BudgetInvalid naming the parameter and what is wrong with it */
export const parseCreditBudget = (value: string, parameter: string): CreditBudget => {
  const wrong = (what: string) =>
    new WorkerError(
      'BudgetInvalid',
      `The parameter ${parameter} ${what}`,
      'Write it anew: kiro-worker budget set --help (docs/guides/budgets.md).',
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw wrong('is not JSON.');
  }
  const checked = creditBudgetSchema.safeParse(parsed);
  if (!checked.success) throw wrong(`is wrong:\n${z.prettifyError(checked.error)}`);
  return checked.data;
};
