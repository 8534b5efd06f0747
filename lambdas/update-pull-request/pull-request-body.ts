import { artifactPrefix, buildKeys, verdictKey } from '../../domain/artifact-keys';
import type { BuildResult, TaskOutcome, TestRun } from '../../domain/build-result';
import { coverageMetrics, percentOf } from '../../domain/coverage';
import { codeBlock, fitBody, inlineText } from '../../domain/markdown';
import type { Verdict } from '../../domain/verdict';
import type { WorkItem } from '../../domain/work-item';

export type PullRequestFacts = {
  readonly item: WorkItem;
  readonly result: BuildResult;
  readonly verdict: Verdict;
  readonly executionArn: string;
  readonly executionName: string;
  readonly artifactsBucket: string;
};

const STATES: Readonly<Record<TaskOutcome['state'], string>> = {
  done: 'done',
  'already-done': 'done before',
  failed: '**failed**',
  open: '**open**',
  skipped: 'optional, left alone',
};

const short = (sha: string): string => sha.slice(0, 7);

const whyRed = ({ verdict }: PullRequestFacts): readonly string[] =>
  verdict.kind === 'green'
    ? []
    : [
        '> [!WARNING]',
        '> **Not ready.** Why:',
        ...verdict.reasons.map(({ message }) => `> - ${inlineText(message)}`),
        '',
      ];

const summary = ({ item, result, verdict }: PullRequestFacts): readonly string[] => {
  const done = result.tasks.filter(({ state }) => state === 'done').length;
  return [
    '## Summary',
    '',
    `Implements \`${item.specPath.replaceAll('`', '')}\` for #${item.issueNumber}: ${done} of ${result.tasks.length} tasks in this run, ` +
      `${result.commits.length} commits. Tests: ${result.tests.after.ending}. Verdict: **${verdict.kind}**.`,
    ...(result.isolated
      ? []
      : ['', '_The build ran without a user of its own: agent and tests could reach what the build could._']),
    '',
  ];
};

const tasks = ({ result }: PullRequestFacts): readonly string[] => [
  '## Tasks',
  '',
  '| task | state | requirements | commit |',
  '|---|---|---|---|',
  ...result.tasks.map(
    ({ id, title, state, requirements, commit }) =>
      `| ${inlineText(id)} ${inlineText(title)} | ${STATES[state]} | ${inlineText(requirements.join(', ')) || '–'} | ${commit ? short(commit) : '–'} |`,
  ),
  '',
];

const testRow = (when: string, { ending, command, exitCode, seconds }: TestRun): string =>
  `| ${when} | ${ending} | ${exitCode ?? '–'} | ${Math.round(seconds)} s | ${inlineText(command)} |`;

const tests = ({ result }: PullRequestFacts): readonly string[] => [
  '## Tests',
  '',
  '| when | result | exit code | time | command |',
  '|---|---|---|---|---|',
  testRow('before', result.tests.before),
  testRow('after', result.tests.after),
  '',
  ...(result.tests.after.ending === 'passed'
    ? []
    : [
        '<details><summary>Last lines of the tests</summary>',
        '',
        codeBlock(result.tests.after.outputTail),
        '',
        '</details>',
        '',
      ]),
];

const coverage = ({ verdict, result }: PullRequestFacts): readonly string[] => {
  const cell = (side: 'before' | 'after', metric: (typeof coverageMetrics)[number]): string => {
    const ratio = verdict.coverage[side]?.[metric];
    return ratio ? `${percentOf(ratio)} % (${ratio.covered}/${ratio.total})` : '–';
  };
  return [
    '## Coverage',
    '',
    '| | before | after | needed |',
    '|---|---|---|---|',
    ...coverageMetrics.map(
      (metric) =>
        `| ${metric} | ${cell('before', metric)} | ${cell('after', metric)} | ${Math.max(verdict.threshold, result.gate[metric])} % |`,
    ),
    '',
  ];
};

const commits = ({ result }: PullRequestFacts): readonly string[] => [
  '## Commits',
  '',
  ...result.commits.map(({ sha, task, title }) => `- ${short(sha)} ${inlineText(title)} (task ${inlineText(task)})`),
  '',
];

const build = ({ result, executionArn, executionName, artifactsBucket }: PullRequestFacts): readonly string[] => [
  '## Build',
  '',
  `- Build \`${result.buildId}\`, release \`${result.release}\`, environment \`${result.environment}\``,
  `- Execution \`${executionArn}\``,
  `- Result, logs and coverage: \`s3://${artifactsBucket}/${buildKeys(artifactPrefix(executionName)).result}\``,
  `- Verdict: \`s3://${artifactsBucket}/${verdictKey(executionName)}\``,
];

/** Why it is red comes first; the rest in the order in which a reviewer asks. */
export const pullRequestBody = (facts: PullRequestFacts): string =>
  fitBody(
    [
      ...whyRed(facts),
      ...summary(facts),
      ...tasks(facts),
      ...tests(facts),
      ...coverage(facts),
      ...commits(facts),
      ...build(facts),
    ].join('\n'),
    `s3://${facts.artifactsBucket}/${artifactPrefix(facts.executionName)}/`,
  );

export const pullRequestTitle = ({ title, issueNumber }: WorkItem): string =>
  `${title.replace(/\s+/g, ' ').trim().slice(0, 200)} (#${issueNumber})`;

/** Finds our one comment again. People do not see it. */
export const resultMarker = (itemId: string): string => `<!-- kiro-codebuild-worker:result:${itemId} -->`;

/** The one comment, edited at each run: the short form for people who read mail. */
export const resultComment = ({ item, result, verdict }: PullRequestFacts): string => {
  const reasons = verdict.reasons.map(({ message }) => `- ${inlineText(message)}`);
  const verb = verdict.kind === 'green' ? 'is ready for review' : 'is **not** ready';
  return fitBody(
    [
      resultMarker(item.itemId),
      `The work ${verb}: ${result.commits.length} commits, tests ${result.tests.after.ending}.`,
      ...(reasons.length > 0 ? ['', ...reasons] : []),
    ].join('\n'),
    'the pull request',
  );
};
