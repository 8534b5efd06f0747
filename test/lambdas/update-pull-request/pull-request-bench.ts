import { githubBoardStatus } from '../../../adapters/github/board-status';
import { githubComments } from '../../../adapters/github/comments';
import { githubPullRequests } from '../../../adapters/github/pull-requests';
import type { BuildResult } from '../../../domain/build-result';
import type { Lease } from '../../../domain/lease';
import { createRedactor } from '../../../domain/redaction';
import type { AgentSpending } from '../../../domain/spending';
import type { SpendingReport } from '../../../domain/spending-report';
import type { Verdict } from '../../../domain/verdict';
import type { WorkItem } from '../../../domain/work-item';
import { updatePullRequestContract } from '../../../lambdas/update-pull-request/contract';
import { updatePullRequest } from '../../../lambdas/update-pull-request/update-pull-request';
import { WRITER } from '../../local/github/github-fixture';
import { buildResult, EXECUTION, verdict } from '../../support/build-results';
import { settingsOf } from '../../support/github-bench';
import { AT } from '../../support/spendings';
import { executionOf } from '../../support/work-items';
import { type PollBench, pollBench } from '../poll-work-items/poll-bench';

type Deps = Parameters<typeof updatePullRequest>[1];

export type PullRequestBench = {
  readonly bench: () => PollBench;
  readonly item: () => WorkItem;
  readonly lease: () => Lease;
  /** Loses the lease to another execution. */
  readonly loseLease: () => Promise<void>;
  readonly update: (given?: {
    readonly result?: Partial<BuildResult>;
    readonly verdict?: Partial<Verdict>;
    readonly runs?: readonly AgentSpending[];
    readonly spending?: SpendingReport;
    readonly dryRun?: boolean;
    readonly token?: string;
    readonly title?: string;
    readonly change?: (deps: Deps) => Partial<Deps>;
  }) => ReturnType<typeof updatePullRequest>;
  /** What dry runs have written, by execution. */
  readonly previews: ReadonlyMap<string, string>;
  readonly pulls: () => readonly {
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly isDraft: boolean;
    readonly state: string;
    readonly author: string;
    readonly comments: readonly string[];
  }[];
  readonly issueComments: () => readonly string[];
};

const spendingText = (itemId: string, runs: readonly AgentSpending[]): string =>
  JSON.stringify({ version: 1, itemId, fence: 1, runs });

/** The task on GitHub's stand-in, with a lock that is held and artifacts that a test writes. */
export const pullRequestBench = (
  repository: { readonly allowsDrafts?: boolean } = {},
  branch = 'feature',
): PullRequestBench => {
  const bench = pollBench();
  let lease: Lease | undefined;
  const item = () => ({ ...bench().item(1), branch });
  const lockOwner = executionOf(EXECUTION);

  beforeEach(async () => {
    await bench().github.plant({ rows: [{ number: 1, values: { Branch: branch } }], repository });
    const answer = await bench().locks().locks().acquire({ item: item(), owner: lockOwner, dryRun: false });
    if (answer.outcome === 'acquired') lease = answer.lease;
    bench().move(1, 'In progress');
  });
  const leaseNow = (): Lease => {
    if (!lease) throw new Error('the lease is there only inside a test');
    return lease;
  };

  const previews = new Map<string, string>();
  const update: PullRequestBench['update'] = async (given = {}) => {
    const { run } = bench().github.clientOf(given.token ?? WRITER);
    const place = { itemId: item().itemId, branch };
    const texts = new Map([
      [`builds/${EXECUTION}/build/result.json@r1`, JSON.stringify(buildResult({ ...place, ...given.result }))],
      [`verdicts/${EXECUTION}.json@v1`, JSON.stringify(verdict(given.verdict))],
      ...(given.runs
        ? [[`builds/${EXECUTION}/build/spending.json@undefined`, spendingText(item().itemId, given.runs)] as const]
        : []),
    ]);
    const settings = async () => settingsOf();
    const deps: Deps = {
      locks: bench().locks().locks(),
      artifacts: { readText: async (key, versionId) => texts.get(`${key}@${versionId}`) ?? null },
      previews: {
        write: async (executionName, text) => previews.set(executionName, text),
      },
      pullRequests: githubPullRequests({ run }),
      comments: githubComments({ run }),
      board: githubBoardStatus({ settings, run, pause: async () => undefined }),
      now: () => AT,
      artifactsBucket: 'artifacts',
      hasConsole: true,
      redact: createRedactor([WRITER]),
    };
    const input = updatePullRequestContract.input.parse({
      item: { ...item(), title: given.title ?? item().title },
      lease: leaseNow(),
      executionArn: lockOwner,
      executionName: EXECUTION,
      resultVersionId: 'r1',
      verdictKey: `verdicts/${EXECUTION}.json`,
      verdictVersionId: 'v1',
      spending: given.spending ?? null,
      dryRun: given.dryRun ?? false,
    });
    return updatePullRequest(input, { ...deps, ...given.change?.(deps) });
  };

  const commentsOn = (id: string) =>
    bench()
      .github.github.model.children(id, 'IssueComment')
      .map(({ body }) => body);

  return {
    bench,
    item,
    lease: leaseNow,
    loseLease: async () => {
      bench().locks().executions.set(lockOwner, 'died');
      await bench()
        .locks()
        .locks()
        .acquire({ item: item(), owner: executionOf('rival'), dryRun: false });
    },
    update,
    previews,
    pulls: () =>
      bench()
        .github.github.model.all('PullRequest')
        .map(({ id, number, title, body, isDraft, state, author }) => ({
          number,
          title,
          body,
          isDraft,
          state,
          author,
          comments: commentsOn(id),
        })),
    issueComments: () => commentsOn(item().issueId),
  };
};
