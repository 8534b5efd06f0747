import type { BuildResult, TestRun } from '../../domain/build-result';
import { codeBlock, codeSpan, fewLines, inlineText } from '../../domain/markdown';
import type { TestCase } from '../../domain/test-reports/test-report';
import { repairLines } from './repair-lines';

const MOST_NAMES = 50;

const countsOf = ({ report }: TestRun): string =>
  report ? `${report.total} (${report.failed} failed, ${report.skipped} skipped)` : '–';

const row = (when: string, run: TestRun): string => {
  const { ending, exitCode, seconds, flaky } = run;
  const result = flaky ? `${ending}, **flaky**` : ending;
  return `| ${when} | ${result} | ${countsOf(run)} | ${exitCode ?? '–'} | ${Math.round(seconds)} s |`;
};

/** Commands may be long: beside the figures they would push these out of sight. */
const commandLine = ({ before, after }: BuildResult['tests']): string =>
  before.command === after.command
    ? `Command: ${codeSpan(after.command)}`
    : `Command before: ${codeSpan(before.command)}; after: ${codeSpan(after.command)}`;

const named = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, '', ...fewLines(lines, MOST_NAMES, (left) => `- and ${left} more`), ''];

const caseLine = ({ name, message }: TestCase): string =>
  `- ${inlineText(name)}${message ? `: ${inlineText(message)}` : ''}`;

const casesOf = ({ report }: TestRun, wanted: TestCase['ending']): readonly string[] =>
  (report?.cases ?? []).filter(({ ending }) => ending === wanted).map(caseLine);

const folded = (title: string, text: string): readonly string[] => [
  `<details><summary>${title}</summary>`,
  '',
  codeBlock(text),
  '',
  '</details>',
  '',
];

const flakyLines = ({ flaky, seconds }: TestRun): readonly string[] => {
  if (!flaky) return [];
  const how = flaky.exitCode === null ? 'a signal' : `exit code ${flaky.exitCode}`;
  const note = `> The tests failed at first (${how}, after ${Math.round(flaky.seconds)} s) and passed when they were run once more (${Math.round(seconds)} s). Such tests prove less than they say.`;
  return [
    '> [!NOTE]',
    note,
    '',
    ...named(
      'Failed at first, then passed:',
      flaky.tests.map((name) => `- ${inlineText(name)}`),
    ),
    ...folded('Last lines of the first run', flaky.outputTail),
  ];
};

/** The tests before and after: totals and names of the JUnit reports where there are any, what was flaky, and what was mended. `reasons`: why it is red. */
export const testsSection = (
  { tests, repairs }: Pick<BuildResult, 'tests' | 'repairs'>,
  reasons: readonly string[],
): readonly string[] => [
  '## Tests',
  '',
  '| when | result | tests | exit code | time |',
  '|---|---|---|---|---|',
  row('before', tests.before),
  row('after', tests.after),
  '',
  commandLine(tests),
  '',
  ...named('Failed:', casesOf(tests.after, 'failed')),
  ...named('Failed and passed within one run:', casesOf(tests.after, 'flaky')),
  ...flakyLines(tests.after),
  ...repairLines(repairs, reasons),
  ...(tests.after.ending === 'passed' ? [] : folded('Last lines of the tests', tests.after.outputTail)),
];
