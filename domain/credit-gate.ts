import { type BreakerRecord, breakerStateOf, describeBreaker } from './circuit-breaker';
import type { CreditAllowance } from './credit-allowance';
import { type CreditBudget, chargeOf, describeSpent, roundCredits, type Spent, softLimitOf } from './credit-budget';

/** All that the governor knows at one moment. */
export type CreditPosition = {
  readonly budget: CreditBudget;
  /** UTC: `2026-11-24`. */
  readonly day: string;
  readonly spentToday: Spent;
  /** What executions that still run may at most spend. */
  readonly reserved: number;
  /** How many those are. */
  readonly openAccounts: number;
  readonly breaker: BreakerRecord;
};

export type CreditRefusal = {
  readonly reason: 'BreakerOpen' | 'BreakerTrial' | 'DayBudgetUsedUp' | 'DayBudgetReserved' | 'ItemBudgetUsedUp';
  readonly message: string;
};

const used = (charge: number, credits: number): string =>
  credits === 0 ? 'nothing may be spent' : `${Math.floor((charge / credits) * 100)} % of ${credits}`;

/** Rounded, as what is charged is: 7.76 and 11.54 are 19.3, and leave nothing of it. */
const left = (limit: number | null, charge: number): number | null =>
  limit === null ? null : Math.max(0, roundCredits(limit - charge));

/** Why nothing at all may be begun now; null when the environment has nothing against it. */
export const environmentRefusal = (
  { budget, day, spentToday, reserved, openAccounts, breaker }: CreditPosition,
  now: Date,
): CreditRefusal | null => {
  const state = breakerStateOf(breaker, budget, now);
  if (state === 'open') return { reason: 'BreakerOpen', message: describeBreaker(breaker, budget) };
  if (state === 'half-open' && openAccounts > 0)
    return { reason: 'BreakerTrial', message: 'After too many runs without a result one item is tried at a time.' };
  const { dayCredits } = budget;
  const soft = softLimitOf(dayCredits, budget);
  if (dayCredits === null || soft === null) return null;
  const charge = chargeOf(spentToday, budget);
  if (charge >= soft)
    return {
      reason: 'DayBudgetUsedUp',
      message: `${describeSpent(spentToday, budget)} were spent on ${day} (UTC): ${used(charge, dayCredits)}; from ${budget.softStopPercent} % on no item is begun.`,
    };
  if (left(dayCredits, charge + reserved) === 0)
    return {
      reason: 'DayBudgetReserved',
      message: `${charge} of ${dayCredits} credits of ${day} are spent, and running items may use the ${reserved} that are left.`,
    };
  return null;
};

/** Why this item may not be begun, whatever the day's budget says; null when it may. */
export const itemRefusal = (spent: Spent, budget: CreditBudget): CreditRefusal | null => {
  const { itemCredits } = budget;
  const soft = softLimitOf(itemCredits, budget);
  if (itemCredits === null || soft === null) return null;
  const charge = chargeOf(spent, budget);
  if (charge < soft) return null;
  const message = `The item has cost ${describeSpent(spent, budget)}: ${used(charge, itemCredits)}; from ${budget.softStopPercent} % on it is not begun again.`;
  return { reason: 'ItemBudgetUsedUp', message };
};

const least = (
  item: number | null,
  day: number | null,
): { readonly value: number | null; readonly by: 'item' | 'day' } =>
  day !== null && (item === null || day < item) ? { value: day, by: 'day' } : { value: item, by: 'item' };

/** What an execution of an item that has cost `spent` so far may spend, if it begins now. */
export const allowanceOf = (spent: Spent, position: CreditPosition): CreditAllowance => {
  const { budget, spentToday, reserved } = position;
  const ofItem = chargeOf(spent, budget);
  const ofDay = chargeOf(spentToday, budget);
  const hard = least(left(budget.itemCredits, ofItem), left(budget.dayCredits, ofDay + reserved));
  const soft = least(
    left(softLimitOf(budget.itemCredits, budget), ofItem),
    left(softLimitOf(budget.dayCredits, budget), ofDay),
  );
  // What others have reserved may be less than what the soft stop leaves.
  const reachable = soft.value !== null && hard.value !== null && hard.value < soft.value ? hard : soft;
  return {
    soft: reachable.value,
    softBudget: reachable.by,
    hard: hard.value,
    hardBudget: hard.by,
    unknownRunCredits: budget.unknownRunCredits,
  };
};
