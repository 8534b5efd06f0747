import type { BuildResult, TaskOutcome } from '../../domain/build-result';
import { countOf } from '../../domain/count-of';
import { codeSpan, fewLines, inlineText } from '../../domain/markdown';
import type { RequirementTrace } from '../../domain/requirement-trace';

const MOST_ROWS = 100;
const MOST_TESTS = 3;

type Trace = RequirementTrace['tests'][number];
type States = ReadonlyMap<string, TaskOutcome['state']>;

const none = '–';

const isDone = (states: States, id: string): boolean => ['done', 'already-done'].includes(states.get(id) ?? '');

/** The state of a task that is not done, in a word. */
const notDone = (states: States, id: string): string => {
  const state = states.get(id);
  return state === 'skipped' ? 'optional' : (state ?? 'unknown');
};

const taskCell = ({ tasks }: RequirementTrace, states: States): string =>
  tasks.map(({ id }) => `${inlineText(id)}${isDone(states, id) ? '' : ` (${notDone(states, id)})`}`).join(', ') || none;

const commitCell = ({ tasks }: RequirementTrace): string =>
  [...new Set(tasks.flatMap(({ commit }) => (commit ? [commit.slice(0, 7)] : [])))].join(', ') || none;

const test = ({ file, title, by }: Trace): string => {
  const said = title === null ? '' : `: ${inlineText(title)}`;
  return `${codeSpan(file)}${by === 'named' ? said : ' (changed with the task)'}`;
};

const testCell = ({ tests }: RequirementTrace): string =>
  fewLines(tests.map(test), MOST_TESTS, (left) => `and ${left} more`).join('<br>') || none;

const row = (trace: RequirementTrace, states: States): string =>
  `| ${inlineText(trace.name)} ${inlineText(trace.title)} | ${taskCell(trace, states)} | ${commitCell(trace)} | ${testCell(trace)} |`;

/** Requirement → task → commit → test. Nothing when the spec names no requirements. */
export const requirementMatrix = ({ requirements, tasks }: BuildResult): readonly string[] => {
  if (requirements.length === 0) return [];
  const states: States = new Map(tasks.map(({ id, state }) => [id, state]));
  const done = requirements.filter((trace) => trace.tasks.some(({ id }) => isDone(states, id))).length;
  const named = requirements.filter((trace) => trace.tests.some(({ by }) => by === 'named')).length;
  return [
    '## Requirements',
    '',
    `Of ${countOf(requirements.length, 'requirement')}, ${done} ${done === 1 ? 'has' : 'have'} a task that is done, and ${named} ${named === 1 ? 'is' : 'are'} named by a test of this branch.`,
    '',
    '| requirement | tasks | commits | tests |',
    '|---|---|---|---|',
    ...fewLines(
      requirements.map((trace) => row(trace, states)),
      MOST_ROWS,
      (left) => `| and ${left} more | | | |`,
    ),
    '',
  ];
};
