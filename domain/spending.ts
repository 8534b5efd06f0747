import * as z from 'zod';
import { budgetDayOf, roundCredits, type Spent } from './credit-budget';

const MOST_CREDITS_OF_A_RUN = 100_000;

const agentRunSchema = z.strictObject({
  task: z.string(),
  startedAt: z.iso.datetime(),
  /** Null: it was running when this was written, and whoever wrote it may have been killed since. */
  endedAt: z.iso.datetime().nullable(),
  /** Null: nobody knows what it cost. */
  credits: z.number().min(0).max(MOST_CREDITS_OF_A_RUN).nullable(),
});
export type AgentSpending = z.infer<typeof agentRunSchema>;

/**
 * `spending.json` of a build: every run of its agent. It is written before a run begins and again after its end, so that it is true however the build ends; where it
 * is absent, no agent has run.
 */
export const spendingSchema = z.strictObject({
  version: z.literal(1),
  itemId: z.string(),
  fence: z.number().int().positive(),
  runs: z.array(agentRunSchema),
});
export type Spending = z.infer<typeof spendingSchema>;

export const spentOfRuns = (runs: readonly Pick<AgentSpending, 'credits'>[]): Spent => ({
  known: roundCredits(runs.reduce((sum, { credits }) => sum + (credits ?? 0), 0)),
  unknownRuns: runs.filter(({ credits }) => credits === null).length,
});

/** A run counts for the day (UTC) on which it began. */
export const spentByDay = (runs: readonly AgentSpending[]): ReadonlyMap<string, Spent> => {
  const days = new Map<string, AgentSpending[]>();
  for (const run of runs) {
    const day = budgetDayOf(new Date(run.startedAt));
    days.set(day, [...(days.get(day) ?? []), run]);
  }
  return new Map([...days].map(([day, ofDay]) => [day, spentOfRuns(ofDay)]));
};
