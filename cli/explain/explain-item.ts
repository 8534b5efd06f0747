import { breakerStateOf, fruitlessInARow, reopensAt } from '../../domain/circuit-breaker';
import { countOf } from '../../domain/count-of';
import { MAX_ATTEMPTS } from '../../domain/lease';
import { hasReadBoard, type TickOutcome } from '../../domain/receipt';
import { answerOf } from './answer';
import { EXPLANATION_SCHEMA, type Explanation } from './explanation';
import type { Facts } from './facts';

const MOST_HISTORY = 10;

type Evidence = Explanation['evidence'];

/** Ticks in a row that decided the same are one line. */
const historyOf = ({ decisions }: Facts): Evidence['history'] => {
  const history: Evidence['history'] = [];
  for (const { at, decision, reason } of decisions) {
    const last = history.at(-1);
    if (last && last.decision === decision && last.reason === reason) last.ticks += 1;
    else if (history.length < MOST_HISTORY) history.push({ at, decision, reason, ticks: 1 });
    else break;
  }
  return history;
};

const budgetOf = ({ position, spent, now }: Facts): Evidence['budget'] => {
  const { budget, day, spentToday, reserved, breaker } = position;
  return {
    item: { known: spent.known, unknownRuns: spent.unknownRuns, limit: budget.itemCredits },
    day: {
      known: spentToday.known,
      unknownRuns: spentToday.unknownRuns,
      limit: budget.dayCredits,
      date: day,
      reserved,
    },
    softStopPercent: budget.softStopPercent,
    unknownRunCredits: budget.unknownRunCredits,
    breaker: {
      state: breakerStateOf(breaker, budget, now),
      fruitlessRuns: fruitlessInARow(breaker),
      opensAfter: budget.breakerRuns,
      triesAgainAt: reopensAt(breaker, budget)?.toISOString() ?? null,
    },
  };
};

const lockOf = ({ lock }: Facts): Evidence['lock'] =>
  lock && { state: lock.state, owner: lock.owner, ownerLives: lock.life, since: lock.acquiredAt, fence: lock.fence };

const whatHappened: Readonly<Partial<Record<TickOutcome, string>>> = {
  'rate-limited': 'met a rate limit',
  'github-unavailable': 'got no answer from GitHub',
};

const unreadableNotes = ({ unreadable }: Facts): readonly string[] => {
  const [first] = unreadable;
  if (!first) return [];
  return [
    `${countOf(unreadable.length, 'receipt')} cannot be read, so what was decided there is not known: ${first} The lock, executions, dead letters and budget below do not come from receipts.`,
  ];
};

const notesOf = (facts: Facts): readonly string[] => {
  const { ticks, now } = facts;
  const [tick] = ticks;
  if (!tick) return unreadableNotes(facts);
  const minutes = Math.round((now.getTime() - Date.parse(tick.startedAt)) / 60_000);
  return [
    ...unreadableNotes(facts),
    ...(hasReadBoard(tick)
      ? []
      : [
          `The last tick (${tick.startedAt}) ${whatHappened[tick.outcome] ?? 'failed'}: ${tick.message} Until a tick goes well nothing is begun.`,
        ]),
    ...(minutes >= 60 ? [`The last tick was ${minutes} minutes ago: what is said here may be old.`] : []),
    ...(tick.unlisted > 0 ? [`The last receipt does not list ${countOf(tick.unlisted, 'item')}.`] : []),
  ];
};

/** What the failed step itself says tells more than the `States.TaskFailed` of Step Functions. */
const ownCode = (executionArn: string, { deadLetters, failure }: Facts): string | null =>
  deadLetters[0]?.executionArn === executionArn ? (failure?.code ?? null) : null;

/** The whole answer: why, what would change it, and what that rests on. */
export const explainItem = (facts: Facts): Explanation => {
  const [tick] = facts.ticks;
  const [decision] = facts.decisions;
  return {
    $schema: EXPLANATION_SCHEMA,
    version: 1,
    environment: facts.environment,
    explainedAt: facts.now.toISOString(),
    item: { ...facts.item },
    ...answerOf(facts),
    notes: [...notesOf(facts)],
    evidence: {
      lastTick: tick
        ? { at: tick.startedAt, outcome: tick.outcome, message: tick.message, executionArn: tick.executionArn }
        : null,
      decision: decision
        ? { at: decision.at, decision: decision.decision, reason: decision.reason, message: decision.message }
        : null,
      history: historyOf(facts),
      lock: lockOf(facts),
      attempts: { used: facts.lock?.attempts ?? 0, most: MAX_ATTEMPTS },
      slots: facts.slots.map(({ slot, owner, itemId }) => ({ slot, owner, itemId })),
      executions: facts.executions.map(({ itemId, spent, ...execution }) => ({
        ...execution,
        reason: ownCode(execution.executionArn, facts) ?? execution.reason,
        credits: spent?.known ?? null,
        unknownRuns: spent?.unknownRuns ?? 0,
      })),
      deadLetters: facts.deadLetters.map(({ id, step, error, failedAt, executionArn }) => ({
        id,
        step,
        error: ownCode(executionArn, facts) ?? error,
        failedAt,
      })),
      budget: budgetOf(facts),
    },
  };
};
