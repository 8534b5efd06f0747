import { artifactPrefix, buildFolder, verdictKey } from '../../domain/artifact-keys';
import type { BuildResult, TaskOutcome } from '../../domain/build-result';
import { consoleLinks } from '../../domain/console-links';
import { codeSpan, cutText, fewLines, fitBody, GITHUB_BODY_LIMIT, inlineText, plainLine } from '../../domain/markdown';
import type { AgentSpending } from '../../domain/spending';
import type { SpendingReport } from '../../domain/spending-report';
import type { Verdict } from '../../domain/verdict';
import type { WorkItem } from '../../domain/work-item';
import { coverageSection } from './coverage-section';
import { goOnLine } from './go-on-line';
import { requirementMatrix } from './requirement-matrix';
import { spendingSection } from './spending-section';
import { summarySection } from './summary-section';
import { testsSection } from './tests-section';

/** What the pull request is written from; every text in it has been redacted. */
export type PullRequestFacts = {
  readonly item: WorkItem;
  readonly result: BuildResult;
  readonly verdict: Verdict;
  readonly spending: { readonly report: SpendingReport | null; readonly runs: readonly AgentSpending[] };
  readonly executionArn: string;
  readonly executionName: string;
  readonly artifactsBucket: string;
  /** Whether the AWS console shows what ran. */
  readonly hasConsole: boolean;
};

const STATES: Readonly<Record<TaskOutcome['state'], string>> = {
  done: 'done',
  'already-done': 'done before',
  failed: '**failed**',
  open: '**open**',
  skipped: 'optional, left alone',
};

/** Rows of a table and of a list that are shown: a spec may have 2,000 tasks, and a reviewer wants the coverage, too. */
const MOST_ROWS = 200;
const MOST_LEFT_OUT = 20;

const short = (sha: string): string => sha.slice(0, 7);

const whyRed = ({ verdict, item }: PullRequestFacts): readonly string[] =>
  verdict.kind === 'green'
    ? []
    : [
        '> [!WARNING]',
        '> **Not ready.** Why:',
        ...fewLines(
          verdict.reasons.map(({ message }) => `> - ${inlineText(message)}`),
          50,
          (left) => `> - and ${left} more`,
        ),
        '>',
        `> ${goOnLine(item)}`,
        '',
      ];

const taskRow = ({ id, title, state, requirements, commit }: TaskOutcome): string =>
  `| ${inlineText(id)} ${inlineText(title)} | ${STATES[state]} | ${inlineText(requirements.join(', ')) || '–'} | ${commit ? short(commit) : '–'} |`;

/** Who has written them may wait for them. */
const leftOut = ({ result }: PullRequestFacts): readonly string[] =>
  result.leftOut.length === 0
    ? []
    : [
        'What looks like a task in `tasks.md` and was left alone:',
        '',
        ...fewLines(
          result.leftOut.map(({ line, title, why }) => `- line ${line}: ${inlineText(title)} (${inlineText(why)})`),
          MOST_LEFT_OUT,
          (left) => `- and ${left} more`,
        ),
        '',
      ];

const tasks = (facts: PullRequestFacts): readonly string[] => [
  '## Tasks',
  '',
  '| task | state | requirements | commit |',
  '|---|---|---|---|',
  ...fewLines(facts.result.tasks.map(taskRow), MOST_ROWS, (left) => `| and ${left} more | | | |`),
  '',
  ...leftOut(facts),
];

/** Commits that the tasks above do not name: repairs. */
const commits = ({ result }: PullRequestFacts): readonly string[] => {
  const named = new Set(result.tasks.slice(0, MOST_ROWS).map(({ commit }) => commit));
  const others = result.commits.filter(({ sha }) => !named.has(sha));
  if (others.length === 0) return [];
  return [
    '## Other commits',
    '',
    ...fewLines(
      others.map(({ sha, title }) => `- ${short(sha)} ${inlineText(title)}`),
      MOST_ROWS,
      (left) => `- and ${left} more`,
    ),
    '',
  ];
};

const steering = ({ steering }: BuildResult): readonly string[] =>
  steering
    ? [
        `- Steering ${codeSpan(`${steering.name} ${steering.release}`)} (sha256 ${codeSpan(steering.digest.slice(0, 12))}), ${steering.commit ? `commit ${short(steering.commit)}` : 'as on the branch'}`,
      ]
    : [];

const linked = (text: string, address: string | undefined): string =>
  address === undefined ? codeSpan(text) : `[${codeSpan(text)}](${address})`;

const build = (facts: PullRequestFacts): readonly string[] => {
  const { result, executionArn, executionName, artifactsBucket, hasConsole } = facts;
  const links = hasConsole ? consoleLinks({ executionArn, buildId: result.buildId }) : null;
  return [
    '## Build',
    '',
    `- Build ${linked(result.buildId, links?.build)}, release ${codeSpan(result.release)}, environment ${codeSpan(result.environment)}`,
    ...steering(result),
    `- Execution ${linked(executionArn, links?.execution)}`,
    `- Result, logs and coverage: ${codeSpan(`s3://${artifactsBucket}/${buildFolder(artifactPrefix(executionName))}`)}`,
    `- Verdict: ${codeSpan(`s3://${artifactsBucket}/${verdictKey(executionName)}`)}`,
  ];
};

/**
 * The room of each section in a body that would be too long: one of many words must not push out the figures that come after it. What short sections leave is for the long
 * ones.
 */
const roomOf = (lengths: readonly number[], whole: number): number => {
  let left = whole;
  let room = 0;
  for (const [index, length] of lengths.toSorted((a, b) => a - b).entries()) {
    room = Math.floor(left / (lengths.length - index));
    left -= Math.min(length, room);
  }
  return room;
};

/** Why it is red comes first; the rest in the order in which a reviewer asks. All of it where there is room, else the beginning of each section. */
export const pullRequestBody = (facts: PullRequestFacts): string => {
  const messages = facts.verdict.reasons.map(({ message }) => message);
  const sections = [
    whyRed(facts),
    summarySection(facts),
    tasks(facts),
    requirementMatrix(facts.result),
    testsSection(facts.result, messages),
    coverageSection(facts.verdict, facts.result),
    spendingSection(facts.spending),
    commits(facts),
    build(facts),
  ];
  const place = codeSpan(`s3://${facts.artifactsBucket}/${artifactPrefix(facts.executionName)}/`);
  const whole = sections.flat().join('\n');
  if (whole.length <= GITHUB_BODY_LIMIT) return whole;
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`);
  const room = roomOf(
    texts.map(({ length }) => length),
    GITHUB_BODY_LIMIT,
  );
  return texts.map((text) => fitBody(text, place, room)).join('');
};

/** GitHub allows 256 characters. A title is not Markdown. */
export const pullRequestTitle = ({ title, issueNumber }: WorkItem): string =>
  `${cutText(plainLine(title), 200)} (#${issueNumber})`;
