import * as z from 'zod';
import { countOf } from './count-of';
import { type CreditBudget, chargeOf, describeSpent, type Spent } from './credit-budget';

const spentSchema = z.strictObject({ known: z.number(), unknownRuns: z.number().int() });
const limitSchema = z.number().nullable();

/** What an execution has cost, and what that leaves: what people are shown. */
export const spendingReportSchema = z.strictObject({
  execution: spentSchema,
  item: spentSchema,
  day: spentSchema.extend({ date: z.string() }),
  budget: z.strictObject({ item: limitSchema, day: limitSchema, unknownRunCredits: z.number() }),
});
export type SpendingReport = z.infer<typeof spendingReportSchema>;

type Facts = {
  readonly spent: Spent;
  readonly spentOfItem: Spent;
  readonly position: { readonly day: string; readonly spentToday: Spent; readonly budget: CreditBudget };
};

export const spendingReportOf = ({ spent, spentOfItem, position }: Facts): SpendingReport => {
  const { day: date, spentToday, budget } = position;
  return {
    execution: { ...spent },
    item: { ...spentOfItem },
    day: { ...spentToday, date },
    budget: { item: budget.itemCredits, day: budget.dayCredits, unknownRunCredits: budget.unknownRunCredits },
  };
};

/** `12 of 100 (12 %)`, or that there is no limit. */
export const describeShare = (spent: Spent, limit: number | null, budget: Pick<CreditBudget, 'unknownRunCredits'>) => {
  if (limit === null) return 'no limit';
  const charge = chargeOf(spent, budget);
  return limit === 0 ? `${charge} of 0` : `${charge} of ${limit} (${Math.round((charge / limit) * 100)} %)`;
};

/** What has been spent where no limit counts it: `12.5 credits and 2 runs of unknown cost`. */
export const describeUncounted = ({ known, unknownRuns }: Spent): string => {
  const unknown = unknownRuns > 0 ? [`${countOf(unknownRuns, 'run')} of unknown cost`] : [];
  return [...(known > 0 || unknownRuns === 0 ? [countOf(known, 'credit')] : []), ...unknown].join(' and ');
};

/** What has been spent, and how much of the limit that is. A run of unknown cost is counted only where there is a limit. */
export const describeUse = (
  spent: Spent,
  limit: number | null,
  budget: Pick<CreditBudget, 'unknownRunCredits'>,
): string =>
  limit === null
    ? `${describeUncounted(spent)}, no limit`
    : `${describeSpent(spent, budget)}: ${describeShare(spent, limit, budget)}`;
