import * as z from 'zod';

const credits = z.number().nonnegative().nullable();

/** One run of the agent. */
const agentRunSchema = z.strictObject({
  task: z.string(),
  seconds: z.number().nonnegative(),
  /** What it cost, as the agent itself says; null when it did not say. */
  credits,
  /** The agent's own word (`end_turn`), or the code of the error that the run ended with. */
  stopReason: z.string().nullable(),
});
export type AgentRunRecord = z.infer<typeof agentRunSchema>;

/** Which agent worked, and what each of its runs took: also of those that failed, because they cost as well. */
export const agentReportSchema = z.strictObject({
  kind: z.enum(['kiro-cli', 'command']),
  /** As `--version` gave it; null for a command, and when it never answered. */
  version: z.string().nullable(),
  engine: z.string().nullable(),
  /** How it reports what it does. */
  output: z.enum(['stream-json', 'plain']).nullable().default(null),
  /** The sum over all runs that said what they cost; null when none did. */
  credits,
  runs: z.array(agentRunSchema),
});
export type AgentReport = z.infer<typeof agentReportSchema>;

/** Sums of decimal fractions are cut where the agent's own figures end. */
const DIGITS = 6;

export const sumCredits = (runs: readonly Pick<AgentRunRecord, 'credits'>[]): number | null => {
  const known = runs.flatMap((run) => (run.credits === null ? [] : [run.credits]));
  return known.length === 0 ? null : Number(known.reduce((sum, each) => sum + each, 0).toFixed(DIGITS));
};
