import type { BuildResult, TaskOutcome } from '../../domain/build-result';
import { countOf } from '../../domain/count-of';
import { codeSpan, fewLines, inlineText } from '../../domain/markdown';
import type { RequirementTrace } from '../../domain/requirement-trace';
import { readEndings, type TestEndings } from '../../domain/test-endings';

const MOST_ROWS = 100;
const MOST_TESTS = 3;

type Trace = RequirementTrace['tests'][number];
type States = ReadonlyMap<string, TaskOutcome['state']>;
type EndingsOf = ReturnType<typeof readEndings>;

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

const WORDS: readonly (readonly [keyof TestEndings, string])[] = [
  ['failed', '**failed**'],
  ['flaky', '**flaky**'],
  ['skipped', '**skipped**'],
  ['passed', 'passed'],
];

/** `passed`, or `1 failed, 2 passed`; nothing where the report does not say it. */
const endingOf = (test: Trace, endingsOf: EndingsOf): readonly string[] => {
  const endings = endingsOf(test);
  if (!endings) return [];
  const said = WORDS.filter(([ending]) => endings[ending] > 0);
  const isOne = said.reduce((sum, [ending]) => sum + endings[ending], 0) === 1;
  return [said.map(([ending, word]) => (isOne ? word : `${endings[ending]} ${word}`)).join(', ')];
};

const test = (trace: Trace, endingsOf: EndingsOf): string => {
  const { file, title, by } = trace;
  const said = by === 'named' && title !== null ? `: ${inlineText(title)}` : '';
  const remarks = [...(by === 'changed' ? ['changed with the task'] : []), ...endingOf(trace, endingsOf)];
  return `${codeSpan(file)}${said}${remarks.length > 0 ? ` (${remarks.join('; ')})` : ''}`;
};

const testCell = ({ tests }: RequirementTrace, endingsOf: EndingsOf): string =>
  fewLines(
    tests.map((trace) => test(trace, endingsOf)),
    MOST_TESTS,
    (left) => `and ${left} more`,
  ).join('<br>') || none;

const row = (trace: RequirementTrace, states: States, endingsOf: EndingsOf): string =>
  `| ${inlineText(trace.name)} ${inlineText(trace.title)} | ${taskCell(trace, states)} | ${commitCell(trace)} | ${testCell(trace, endingsOf)} |`;

const MOST_NAMES = 20;

/** Requirements of which a test failed, or of which no test ran: they are not proven, whatever else is said of them. */
const unproven = (requirements: readonly RequirementTrace[], endingsOf: EndingsOf): readonly string[] => {
  const endings = requirements.map(({ name, tests }) => ({
    name,
    all: tests.flatMap((each) => endingsOf(each) ?? []),
  }));
  const list = (title: string, names: readonly string[]): readonly string[] =>
    names.length > 0
      ? ['', `${title} ${fewLines(names.map(inlineText), MOST_NAMES, (left) => `and ${left} more`).join(', ')}.`]
      : [];
  const isSkipped = (all: readonly TestEndings[]) =>
    all.length > 0 && all.every(({ passed, failed, flaky }) => passed + failed + flaky === 0);
  return [
    ...list(
      '**Tests failed** of',
      endings.filter(({ all }) => all.some(({ failed }) => failed > 0)).map(({ name }) => name),
    ),
    ...list(
      '**All tests were skipped** of',
      endings.filter(({ all }) => isSkipped(all)).map(({ name }) => name),
    ),
  ];
};

/** How many are done, named by a test, and at least near to a test that has changed. */
const inAll = (requirements: readonly RequirementTrace[], states: States): string => {
  const done = requirements.filter(({ tasks }) => tasks.some(({ id }) => isDone(states, id))).length;
  const named = requirements.filter(({ tests }) => tests.some(({ by }) => by === 'named')).length;
  const changed = requirements.filter(({ tests }) => tests.length > 0).length - named;
  const also = changed === 0 ? '' : `; of ${changed} more only a test file was changed with the task`;
  return `Of ${countOf(requirements.length, 'requirement')}, ${done} ${done === 1 ? 'has' : 'have'} a task that is done, and ${named} ${named === 1 ? 'is' : 'are'} named by a test of this branch${also}.`;
};

/** Requirement → task → commit → test, and how the test ended where the reports say it. Nothing when the spec names no requirements. */
export const requirementMatrix = ({
  requirements,
  tasks,
  tests,
}: Pick<BuildResult, 'requirements' | 'tasks' | 'tests'>): readonly string[] => {
  if (requirements.length === 0) return [];
  const endingsOf = readEndings(tests.after);
  const states: States = new Map(tasks.map(({ id, state }) => [id, state]));
  return [
    '## Requirements',
    '',
    inAll(requirements, states),
    ...unproven(requirements, endingsOf),
    '',
    '| requirement | tasks | commits | tests |',
    '|---|---|---|---|',
    ...fewLines(
      requirements.map((trace) => row(trace, states, endingsOf)),
      MOST_ROWS,
      (left) => `| and ${left} more | | | |`,
    ),
    '',
  ];
};
