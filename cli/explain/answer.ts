import type { ItemExecution } from '../../adapters/aws/item-executions';
import { countOf } from '../../domain/count-of';
import { type CreditRefusal, environmentRefusal, itemRefusal } from '../../domain/credit-gate';
import type { DeadLetter } from '../../domain/dead-letter';
import { MAX_ATTEMPTS } from '../../domain/lease';
import { hasEnded } from '../../domain/lock-row';
import { hasReadBoard } from '../../domain/receipt';
import { wordsOfReason } from '../../domain/receipt-reasons';
import type { Explanation } from './explanation';
import type { Decided, Facts } from './facts';

export type Answer = Pick<Explanation, 'state' | 'why' | 'changes'>;

/** What budget or circuit breaker say to it at this moment. */
const refusalNow = ({ position, spent, now }: Facts): CreditRefusal | null =>
  environmentRefusal(position, now) ?? itemRefusal(spent, position.budget);

/** Who has the places, when none is free; the next tick frees that of an execution which has ended. */
const whenFull = ({ slots }: Facts): string | null => {
  const takers = slots.flatMap(({ owner, itemId, life }) =>
    owner === null || (life && hasEnded(life)) ? [] : [itemId ?? owner],
  );
  const isFull = slots.length > 0 && takers.length === slots.length;
  return isFull ? `Every place is taken now, by ${takers.join(', ')}.` : null;
};

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

/** The newest dead letter, unless something has become of the item since: it was decided about, or an execution of it began (a redrive). */
const currentLetter = ({ deadLetters, decisions, executions, lock }: Facts): DeadLetter | null => {
  const [letter] = deadLetters;
  if (!letter) return null;
  const since = [
    decisions.find(({ decision }) => decision !== 'parked')?.at,
    ...executions.map(({ startedAt }) => startedAt),
    lock?.acquiredAt,
  ];
  return since.some((at) => at && at > letter.failedAt) ? null : letter;
};

const whyParked = ({ lock }: Facts): string =>
  lock && lock.attempts >= MAX_ATTEMPTS
    ? `It is parked: ${countOf(lock.attempts, 'execution')} of it died.`
    : 'It is parked: its last execution failed and could not say so on the board.';

/** What would change a reason of a receipt; commands in it are about the place that was asked about. */
const changeOf = (reason: string, { option }: Facts): string =>
  wordsOfReason(reason).change.replace(/`(kiro-worker [^`]+)`/g, `\`$1${option}\``);

/** A redrive takes credits like everything else. */
const redriveHeld = (facts: Facts): readonly string[] => {
  const refusal = refusalNow(facts);
  return refusal
    ? [`Before a redrive (until then it is refused, ${refusal.reason}): ${changeOf(refusal.reason, facts)}`]
    : [];
};

/** In the words of the step itself, else in those of its execution. */
const howFailed = ({ error, executionArn }: DeadLetter, { failure, executions }: Facts): string => {
  if (failure) return `${failure.code}: ${failure.message}`;
  const message = executions.find((execution) => execution.executionArn === executionArn)?.message;
  return message ? `${error}: ${message}` : `${error}.`;
};

/** Failed, and waiting for somebody. */
const needsPerson = (facts: Facts): Answer | null => {
  const { lock, failure, option } = facts;
  const letter = currentLetter(facts);
  if (letter)
    return {
      state: 'needs-person',
      why: `It failed at ${letter.failedAt} in the step ${letter.step}: ${howFailed(letter, facts)}`,
      changes: [
        ...(failure?.remedy ? [failure.remedy] : []),
        `See more: kiro-worker dlq show ${letter.id}${option}`,
        ...redriveHeld(facts),
        `When the cause is mended: kiro-worker dlq redrive ${letter.id}${option}, or move the item back to the ready column.`,
      ],
    };
  if (lock?.state !== 'parked') return null;
  return {
    state: 'needs-person',
    why: whyParked(facts),
    changes: ['Mend the cause, then move the item to the ready column.'],
  };
};

const ended = ({ outcome, message }: ItemExecution): Answer => ({
  state: 'ended',
  why: `It was worked on and has ended ${outcome}: ${message}`,
  changes: [
    outcome === 'green'
      ? 'Review its pull request. To have it worked on again, move it to the ready column.'
      : 'Read its pull request, which says what is missing; then move it to the ready column to have it worked on again.',
  ],
});

/** It was chosen, and its execution ended before it had begun: what it met then may be over. */
const skipped = ({ reason, message }: ItemExecution, at: string, facts: Facts): Answer => {
  const why = `The tick of ${at} chose it, and it was not begun after all: ${message}`;
  if (reason === 'no-longer-ready')
    return { state: 'unseen', why, changes: ['Move it to the ready column to have it taken.'] };
  const full = whenFull(facts);
  return full
    ? { state: 'waiting', why: `${why} ${full}`, changes: [changeOf('NoFreeSlot', facts)] }
    : { state: 'next', why, changes: ['Nothing: the next tick decides anew.'] };
};

/** What became of it after the tick had taken it. */
const taken = (facts: Facts): Answer | null => {
  const { executions, decisions, option } = facts;
  const [decided] = decisions;
  if (decided?.decision !== 'taken') return null;
  const execution = executions.find(({ startedAt }) => (startedAt ?? '') >= decided.at.slice(0, 19));
  const { status, outcome, reason, message } = execution ?? {};
  if (execution && outcome === 'skipped') return skipped(execution, decided.at, facts);
  if (execution && outcome) return ended(execution);
  if (execution && status !== 'RUNNING' && status !== 'PENDING_REDRIVE')
    return {
      state: 'needs-person',
      why: `Its execution has ended ${status}${reason ? `: ${reason}${message ? `: ${message}` : ''}` : ''}, and no dead letter of it is left.`,
      changes: [`Look at ${execution.executionArn} in Step Functions; then move the item to the ready column.`],
    };
  return {
    state: execution ? 'running' : 'next',
    why: `The tick of ${decided.at} took it${execution ? `; its execution is ${status}` : ''}.`,
    changes: [`Wait for its end, or for the next tick: kiro-worker ticks${option}.`],
  };
};

/** Budget or circuit breaker hold it back now, although the last tick may have decided something else. */
const creditsNow = (facts: Facts): Answer | null => {
  const refusal = refusalNow(facts);
  if (!refusal) return null;
  const { meaning } = wordsOfReason(refusal.reason);
  return {
    state: refusal.reason === 'ItemBudgetUsedUp' ? 'refused' : 'stopped',
    why: `${meaning} ${refusal.message}`,
    changes: [changeOf(refusal.reason, facts)],
  };
};

const STATES = {
  waiting: 'waiting',
  refused: 'refused',
  parked: 'needs-person',
  reconciled: 'next',
  taken: 'next',
} as const;

const isCreditReason = (reason: string): boolean => /^(Breaker|DayBudget|ItemBudget)/.test(reason);

/** What a tick met then and what is not so any more; null when it still holds, or nobody knows. */
const overNow = ({ reason }: Decided, { lock }: Facts): string | null => {
  if (isCreditReason(reason)) return 'budget and circuit breaker hold it back no more';
  if (reason === 'HeldByAnother' && lock?.state !== 'held') return 'the execution that held it has ended';
  return null;
};

const decided = (facts: Facts): Answer | null => {
  const [latest] = facts.decisions;
  const seen = facts.ticks.find(hasReadBoard);
  if (!latest || (seen && latest.at < seen.startedAt)) return null;
  const { meaning } = wordsOfReason(latest.reason);
  const over = overNow(latest, facts);
  if (over === null)
    return {
      state: STATES[latest.decision],
      why: `${meaning} ${latest.message}`,
      changes: [changeOf(latest.reason, facts)],
    };
  const why = `At ${latest.at} it was held back (${latest.reason}); ${over}.`;
  const full = whenFull(facts);
  return full
    ? { state: 'waiting', why: `${why} ${full}`, changes: [changeOf('NoFreeSlot', facts)] }
    : { state: 'next', why, changes: ['The next tick decides anew, and takes it when nothing else is against it.'] };
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

/** Reasons that no budget changes: whoever reads of the budget there would mend the wrong thing. */
const holdsAnyway = ({ decision, reason }: Decided): boolean =>
  ((decision === 'refused' || decision === 'parked') && !isCreditReason(reason)) ||
  reason === 'InProgressElsewhere' ||
  reason === 'MovedAway';

/** Why the item is, or is not, being worked on, and what would change that. What holds it now comes before what a tick has met. */
export const answerOf = (facts: Facts): Answer => {
  const firm = held(facts) ?? needsPerson(facts);
  if (firm) return firm;
  const became = taken(facts);
  if (became) return became.state === 'next' || became.state === 'waiting' ? (creditsNow(facts) ?? became) : became;
  const usual = decided(facts);
  if (!usual) return unseen(facts);
  const [latest] = facts.decisions;
  return (latest && holdsAnyway(latest) ? null : creditsNow(facts)) ?? usual;
};
