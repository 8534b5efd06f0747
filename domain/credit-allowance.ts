import * as z from 'zod';

const credits = z.number().min(0).nullable();

/**
 * What one execution may spend, as it is told when it starts (variable CREDITS of the builder). From `soft` on no new task is begun, from `hard` on no run of
 * the agent at all; null: no limit.
 */
export const creditAllowanceSchema = z.strictObject({
  soft: credits,
  softBudget: z.enum(['item', 'day']),
  hard: credits,
  hardBudget: z.enum(['item', 'day']),
  unknownRunCredits: z.number().positive(),
});
export type CreditAllowance = z.infer<typeof creditAllowanceSchema>;

/** Of an execution that nobody has given a limit. */
export const unlimitedCredits: CreditAllowance = {
  soft: null,
  softBudget: 'item',
  hard: null,
  hardBudget: 'item',
  unknownRunCredits: 1,
};
