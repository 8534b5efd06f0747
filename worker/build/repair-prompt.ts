import type { TestRun } from '../../domain/build-result';
import { showRanges } from '../../domain/changed-lines';
import type { Judgement } from '../../domain/decide-verdict';
import type { RedReason } from '../../domain/verdict';
import { RULES } from './prompt';
import type { Spec } from './read-spec';

/** What an agent can mend; the rest needs a person or another setting. */
const MENDABLE: ReadonlySet<RedReason['code']> = new Set([
  'TestsFailed',
  'CoverageBelowThreshold',
  'CoverageDropped',
  'ChangedLinesUncovered',
]);

export const mendable = ({ reasons }: Judgement): readonly RedReason[] =>
  reasons.filter(({ code }) => MENDABLE.has(code));

/** What tests that fail often bring with them: a program that stops half-way writes no report. */
const CONSEQUENCES: ReadonlySet<RedReason['code']> = new Set([
  'CoverageAbsent',
  'CoverageEmpty',
  'CoverageStale',
  'CoverageMalformed',
  'ChangedLinesUnclear',
  'TestReportAbsent',
  'TestReportMalformed',
]);

/** What keeps the item red whatever an agent mends. */
export const hopeless = ({ reasons }: Judgement): readonly RedReason[] => {
  const testsFailed = reasons.some(({ code }) => code === 'TestsFailed');
  return reasons.filter(({ code }) => !MENDABLE.has(code) && !(testsFailed && CONSEQUENCES.has(code)));
};

const MOST_FILES = 50;
const MOST_TESTS = 50;

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`## ${title}\n\n${lines.join('\n')}`];

const failedTests = ({ report }: TestRun): readonly string[] =>
  (report?.cases ?? [])
    .filter(({ ending }) => ending === 'failed')
    .slice(0, MOST_TESTS)
    .map(({ name, message }) => `- ${name}${message ? `: ${message}` : ''}`);

const uncovered = ({ changed }: Judgement): readonly string[] =>
  (changed?.uncovered ?? [])
    .slice(0, MOST_FILES)
    .map(({ path, ranges }) => `- \`${path}\`: ${ranges.length === 1 ? 'line' : 'lines'} ${showRanges(ranges)}`);

type Facts = {
  readonly judgement: Judgement;
  readonly tests: TestRun;
  readonly spec: Spec;
  readonly testCommand: string;
};

/** Asks the agent to mend what would be refused: in the words of the gate, with the tests and lines that it is about. */
export const repairPrompt = ({ judgement, tests, spec, testCommand }: Facts): string =>
  `${[
    '# Mend what the gate refuses',
    'All tasks of the spec are done and committed. What was committed was installed and tested in a fresh clone, and is refused for the reasons below. Mend them: correct what is broken, and write the tests that are missing. ' +
      'Do not weaken, skip or delete tests, and do not take files out of the measurement: a reviewer sees every change.',
    RULES(spec.path, testCommand),
    ...section(
      'Why it is refused',
      mendable(judgement).map(({ message }) => `- ${message}`),
    ),
    ...section('Tests that fail', failedTests(tests)),
    ...section('Changed lines that no test executes', uncovered(judgement)),
    ...(tests.ending === 'passed' ? [] : section('The last lines of the tests', ['```', tests.outputTail, '```'])),
  ].join('\n\n')}\n`;
