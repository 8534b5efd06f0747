import { countOf } from '../../domain/count-of';
import { environmentRefusal, itemRefusal } from '../../domain/credit-gate';
import { MAX_ATTEMPTS } from '../../domain/lease';
import { hasEnded } from '../../domain/lock-row';
import { hasReadBoard } from '../../domain/receipt';
import { wordsOfReason } from '../../domain/receipt-reasons';
import type { Explanation } from './explanation';
import type { Facts } from './facts';

export type Answer = Pick<Explanation, 'state' | 'why' | 'changes'>;

/** Words of the state machine, as receipts write them. */
const SKIPPED: Readonly<Record<string, string>> = { held: 'HeldByAnother', 'no-free-slot': 'NoFreeSlot' };

const held = ({ lock, option }: Facts): Answer | null => {
  if (lock?.state !== 'held') return null;
  const try_ = `try ${lock.attempts} of ${MAX_ATTEMPTS}, slot ${lock.slot}${lock.acquiredAt ? `, since ${lock.acquiredAt}` : ''}`;
  if (!hasEnded(lock.life))
    return {
      state: 'running',
      why:
        lock.life === 'running'
          ? `It is being worked on now (${try_}).`
          : `An execution holds it (${try_}), and Step Functions could not be asked whether that still runs.`,
      changes: [
        `Wait for its end. To stop it, stop the execution ${lock.owner} in Step Functions; it is then taken up again.`,
      ],
    };
  return {
    state: 'next',
    why: `Its execution has ended (${lock.life}) without giving it back (${try_}).`,
    changes: [`The next tick puts that right; kiro-worker ticks${option} shows whether ticks come.`],
  };
};

/** Failed, and waiting for somebody. */
const needsPerson = ({ lock, deadLetters, failure, decisions, option }: Facts): Answer | null => {
  const [letter] = deadLetters;
  const [decided] = decisions;
  const isParked = lock?.state === 'parked';
  const isLater =
    letter !== undefined && (decided === undefined || decided.decision === 'taken' || letter.failedAt > decided.at);
  if (!isParked && !isLater) return null;
  const attempts = lock && lock.attempts >= MAX_ATTEMPTS && isParked;
  return {
    state: 'needs-person',
    why: letter
      ? `It failed at ${letter.failedAt} in the step ${letter.step}: ${failure ? `${failure.code}: ${failure.message}` : letter.error}.`
      : `It is parked: ${attempts ? `${countOf(lock.attempts, 'execution')} of it died` : 'its last execution failed and could not say so on the board'}.`,
    changes: letter
      ? [
          ...(failure?.remedy ? [failure.remedy] : []),
          `See more: kiro-worker dlq show ${letter.id}${option}`,
          `When the cause is mended: kiro-worker dlq redrive ${letter.id}${option}, or move the item back to the ready column.`,
        ]
      : ['Mend the cause, then move the item to the ready column.'],
  };
};

/** What became of it after the tick had taken it. */
const taken = ({ executions, decisions, option }: Facts): Answer | null => {
  const [decided] = decisions;
  if (decided?.decision !== 'taken') return null;
  const execution = executions.find(({ startedAt }) => (startedAt ?? '') >= decided.at.slice(0, 19));
  if (!execution || execution.outcome === null)
    return {
      state: execution?.status === 'RUNNING' ? 'running' : 'next',
      why: `The tick of ${decided.at} took it${execution ? `; its execution is ${execution.status}` : ''}.`,
      changes: [`Wait for its end, or for the next tick: kiro-worker ticks${option}.`],
    };
  if (execution.outcome !== 'skipped')
    return {
      state: 'ended',
      why: `It was worked on and has ended ${execution.outcome}: ${execution.message}`,
      changes: [
        execution.outcome === 'green'
          ? 'Review its pull request. To have it worked on again, move it to the ready column.'
          : 'Read its pull request, which says what is missing; then move it to the ready column to have it worked on again.',
      ],
    };
  return {
    state: 'waiting',
    why: `The tick of ${decided.at} chose it, and it was not begun after all: ${execution.message}`,
    changes: [
      SKIPPED[execution.reason] ? wordsOfReason(SKIPPED[execution.reason] ?? '').change : 'The next tick decides anew.',
    ],
  };
};

/** What holds it back now, although the last tick may have decided something else. */
const creditsNow = ({ position, spent, now }: Facts): Answer | null => {
  const environment = environmentRefusal(position, now);
  const refusal = environment ?? itemRefusal(spent, position.budget);
  if (!refusal) return null;
  const { meaning, change } = wordsOfReason(refusal.reason);
  return { state: environment ? 'stopped' : 'refused', why: `${meaning} ${refusal.message}`, changes: [change] };
};

const STATES = {
  waiting: 'waiting',
  refused: 'refused',
  parked: 'needs-person',
  reconciled: 'next',
  taken: 'next',
} as const;

const isCreditReason = (reason: string): boolean => /^(Breaker|DayBudget|ItemBudget)/.test(reason);

const decided = (facts: Facts): Answer | null => {
  const [latest] = facts.decisions;
  const seen = facts.ticks.find(hasReadBoard);
  if (!latest || (seen && latest.at < seen.startedAt)) return null;
  const { meaning, change } = wordsOfReason(latest.reason);
  if (isCreditReason(latest.reason))
    return {
      state: 'next',
      why: `At ${latest.at} it was held back (${latest.reason}); nothing holds it back any more.`,
      changes: ['The next tick takes it when a place is free.'],
    };
  return { state: STATES[latest.decision], why: `${meaning} ${latest.message}`, changes: [change] };
};

const unseen = ({ ticks, decisions, item, option }: Facts): Answer => {
  const [tick] = ticks;
  const [last] = decisions;
  const before = last ? ` The last decision about it is of ${last.at}: ${last.decision} (${last.reason}).` : '';
  if (!tick)
    return {
      state: 'unseen',
      why: 'No tick has looked at the board yet.',
      changes: ['Enable the schedule (docs/guides/deploying.md), or start a tick.'],
    };
  return {
    state: 'unseen',
    why: `The tick of ${tick.startedAt} had nothing to decide about it: it is neither in the ready column nor in progress, or it is not on the board.${before}`,
    changes: [
      `Move ${item.url ?? item.itemId} to the ready column of the board.`,
      `If it is there: kiro-worker ticks${option} shows when the board was read last.`,
    ],
  };
};

/** Why the item is, or is not, being worked on, and what would change that. */
export const answerOf = (facts: Facts): Answer => {
  const firm = held(facts) ?? needsPerson(facts) ?? taken(facts);
  if (firm) return firm;
  const usual = decided(facts);
  if (!usual) return unseen(facts);
  const [latest] = facts.decisions;
  // A refusal of another kind stays one, whatever the budget says.
  const isRefused =
    (usual.state === 'refused' || usual.state === 'needs-person') && !isCreditReason(latest?.reason ?? '');
  return (isRefused ? null : creditsNow(facts)) ?? usual;
};
