import { type CreditBudget, defaultCreditBudget } from '../../domain/credit-budget';
import type { StoredValues } from '../aws/stored-values';

/** With which budget a run begins: the one that every environment begins with, or one without any limit. */
export type InitialBudget = 'usual' | 'unlimited';

const unlimited: CreditBudget = { ...defaultCreditBudget, itemCredits: null, dayCredits: null, breakerRuns: null };

const initial: Readonly<Record<InitialBudget, string>> = {
  usual: JSON.stringify(defaultCreditBudget),
  unlimited: JSON.stringify(unlimited),
};

/** Sets it, unless a person has set another one (kiro-worker budget set). */
export const beginWithBudget = (budget: InitialBudget, parameter: string, parameters: StoredValues): void => {
  const current = parameters.get(parameter)?.value;
  if (current === initial[budget]) return;
  if (current === undefined || Object.values(initial).includes(current)) parameters.put(parameter, initial[budget]);
};
