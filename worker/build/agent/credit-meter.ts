import * as z from 'zod';
import { sumCredits } from '../../../domain/agent-report';

const usage = z.object({ value: z.number().nonnegative(), unit: z.string().optional() });

/** Nobody spends that much in one call: such a figure is an error, and a sum with it would be one, too. */
const MOST_CREDITS = 1_000_000;
/** Sessions whose last list is remembered. */
const MOST_SESSIONS = 1_000;

const amounts = (meteringUsage: readonly unknown[]): readonly number[] =>
  meteringUsage.flatMap((entry) => {
    const { data } = usage.safeParse(entry);
    return data && (data.unit ?? 'credit') === 'credit' && data.value <= MOST_CREDITS ? [data.value] : [];
  });

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * Adds up what `metadata` events say. Each session (the agent's own, and those of its sub-agents) lists the credits of its calls to the model at the end of a turn. A list
 * that begins like the session's last one repeats it; any other one is a turn of its own.
 */
export const createCreditMeter = () => {
  const lists = new Map<string, readonly number[]>();
  let total: number | null = null;
  return {
    add: (sessionId: string, meteringUsage: readonly unknown[]): void => {
      const now = amounts(meteringUsage);
      if (now.length === 0) return;
      const last = lists.get(sessionId) ?? [];
      const repeats = last.every((value, at) => now[at] === value);
      total = (total ?? 0) + sumOf(now) - (repeats ? sumOf(last) : 0);
      if (lists.size < MOST_SESSIONS || lists.has(sessionId)) lists.set(sessionId, now);
    },
    /** Null when nothing was said. */
    total: (): number | null => (total === null ? null : sumCredits([{ credits: total }])),
  };
};
