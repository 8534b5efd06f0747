import type { BuildResult } from '../../domain/build-result';
import { countOf } from '../../domain/count-of';
import { codeSpan } from '../../domain/markdown';
import type { Verdict } from '../../domain/verdict';
import type { WorkItem } from '../../domain/work-item';
import { testChangeLines } from './test-changes';

type Facts = { readonly item: WorkItem; readonly result: BuildResult; readonly verdict: Verdict };

/** `3 of 3 tasks done (2 in this run, 1 before; 1 optional task left alone)`: what was to be done, and what is. */
export const describeTasks = ({ tasks }: BuildResult): string => {
  const count = (wanted: string) => tasks.filter(({ state }) => state === wanted).length;
  const [now, before, skipped] = [count('done'), count('already-done'), count('skipped')];
  const asked = tasks.length - skipped;
  const when = before === 0 ? [] : [now === 0 ? 'before this run' : `${now} in this run, ${before} before`];
  const left = skipped === 0 ? [] : [`${countOf(skipped, 'optional task')} left alone`];
  const remarks = [...when, ...left].join('; ');
  return `${now + before} of ${countOf(asked, 'task')} done${remarks && ` (${remarks})`}`;
};

const testsOf = ({ tests: { after } }: BuildResult): string =>
  after.flaky ? `${after.ending}, **flaky**` : after.ending;

/** What a reviewer has to look at before believing the figures. */
const lookFirst = ({ testChanges }: BuildResult): readonly string[] => {
  const lines = testChangeLines(testChanges);
  return lines.length === 0
    ? []
    : ['> [!IMPORTANT]', '> What this branch changes about its own proof:', ...lines.map((line) => `> ${line}`), ''];
};

/** What was to be done, what is, and what of it nobody should take on trust. */
export const summarySection = ({ item, result, verdict }: Facts): readonly string[] => [
  '## Summary',
  '',
  `Implements ${codeSpan(item.specPath)} for #${item.issueNumber}: ${describeTasks(result)}, ` +
    `${countOf(result.commits.length, 'commit')}. Tests: ${testsOf(result)}. Verdict: **${verdict.kind}**.`,
  '',
  ...lookFirst(result),
  ...(result.isolated
    ? []
    : ['_The build ran without a user of its own: agent and tests could reach what the build could._', '']),
];
