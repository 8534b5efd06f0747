import { cutText, plainLine } from '../../domain/markdown';
import { describeUncounted, describeUse } from '../../domain/spending-report';
import type { Explanation } from './explanation';

const MESSAGE_WIDTH = 160;
const NAME_WIDTH = 10;

type Evidence = Explanation['evidence'];

const shares = ({ budget }: Evidence): readonly string[] => {
  const { item, day, breaker } = budget;
  return [
    `item: ${describeUse(item, item.limit, budget)}`,
    `${day.date} (UTC): ${describeUse(day, day.limit, budget)}; ${day.reserved} reserved`,
    breaker.opensAfter === null
      ? 'circuit breaker switched off'
      : `circuit breaker ${breaker.state}; ${breaker.fruitlessRuns} of ${breaker.opensAfter} runs in a row without a finished task`,
  ];
};

const executionLines = ({ executions }: Evidence): readonly string[] =>
  executions.slice(0, 5).map(({ name, status, outcome, reason, startedAt, credits, unknownRuns }) => {
    const cost = credits === null ? '' : `, ${describeUncounted({ known: credits, unknownRuns })}`;
    return `${startedAt ?? '?'}  ${[status, outcome, reason].filter(Boolean).join(' ')}${cost}  ${name}`;
  });

const rowsOf = (evidence: Evidence): readonly (readonly [string, readonly string[]])[] => {
  const { lastTick, history, lock, attempts, slots, deadLetters } = evidence;
  const taken = slots.filter(({ owner }) => owner !== null).length;
  return [
    ['last tick', lastTick ? [`${lastTick.at}  ${lastTick.outcome}: ${lastTick.message}`] : ['none']],
    [
      'decisions',
      history.map(
        ({ at, decision, reason, ticks }) =>
          `${at}  ${decision}: ${reason}${ticks > 1 ? ` (${ticks} ticks in a row)` : ''}`,
      ),
    ],
    ['lock', [lock ? `${lock.state}; last taken by ${lock.owner} (${lock.ownerLives})` : 'never taken']],
    ['attempts', [`${attempts.used} of ${attempts.most}`]],
    ['slots', [`${taken} of ${slots.length} taken`]],
    ['executions', executionLines(evidence)],
    ['dead letter', deadLetters.map(({ id, step, error, failedAt }) => `${failedAt}  ${step}: ${error}  ${id}`)],
    ['credits', shares(evidence)],
  ];
};

/** The answer first, then what it rests on. Titles and messages come from outside: they are made one visible line each. */
export const renderExplanation = ({ item, state, why, changes, notes, evidence }: Explanation): readonly string[] => [
  `${plainLine(item.title)}  ${item.url ?? item.itemId}`,
  '',
  `${state}: ${plainLine(why)}`,
  '',
  'What would change that:',
  ...changes.map((change) => `  - ${plainLine(change)}`),
  ...(notes.length > 0 ? ['', ...notes.map((note) => `Note: ${plainLine(note)}`)] : []),
  '',
  'What is known:',
  ...rowsOf(evidence).flatMap(([name, lines]) =>
    (lines.length > 0 ? lines : ['–']).map(
      (line, index) =>
        `  ${(index === 0 ? name : '').padEnd(NAME_WIDTH + 1)}  ${cutText(plainLine(line), MESSAGE_WIDTH)}`,
    ),
  ),
];
