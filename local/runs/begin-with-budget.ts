import * as z from 'zod';
import { type CreditBudget, defaultCreditBudget } from '../../domain/credit-budget';
import { jsonFile } from '../aws/json-file';
import type { StoredValues } from '../aws/stored-values';

/** With which budget a run begins: the one that every environment begins with, or one without any limit. */
export type InitialBudget = 'usual' | 'unlimited';

const unlimited: CreditBudget = { ...defaultCreditBudget, itemCredits: null, dayCredits: null, breakerRuns: null };

const initial: Readonly<Record<InitialBudget, string>> = {
  usual: JSON.stringify(defaultCreditBudget),
  unlimited: JSON.stringify(unlimited),
};

/** The first version is that of the stack. */
const STACKS_VERSION = 1;

/**
 * Sets it, unless a person has set one (kiro-worker budget set), be it the same. Which version of the parameter a run has set itself is remembered in
 * `file`.
 */
export const beginWithBudget = (
  budget: InitialBudget,
  { parameter, file }: { readonly parameter: string; readonly file: string },
  parameters: StoredValues,
): void => {
  const own = jsonFile(file, z.object({ version: z.number() }), { version: STACKS_VERSION });
  const current = parameters.get(parameter);
  const isPersons = current !== undefined && current.version !== own.read().version;
  if (isPersons || current?.value === initial[budget]) return;
  own.write({ version: parameters.put(parameter, initial[budget]) });
};
