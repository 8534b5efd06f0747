import { githubBoardStatus } from '../../../adapters/github/board-status';
import { readBranchFacts, readLinkedBranches } from '../../../adapters/github/branch-facts';
import { readBlockingRules } from '../../../adapters/github/branch-rules';
import { githubComments } from '../../../adapters/github/comments';
import { findBoard } from '../../../adapters/github/find-board';
import { readBoardPages } from '../../../adapters/github/read-board';
import type { BoardSettings } from '../../../domain/board-settings';
import type { CreditBudget } from '../../../domain/credit-budget';
import type { DeadLetter } from '../../../domain/dead-letter';
import { type Receipt, receiptSchema } from '../../../domain/receipt';
import type { WorkItem } from '../../../domain/work-item';
import { pollWorkItems } from '../../../lambdas/poll-work-items/poll-work-items';
import { WRITER } from '../../local/github/github-fixture';
import { type GitHubBench, NOW, settingsOf, startGitHubBench } from '../../support/github-bench';
import { type LocksBench, locksBench } from '../../support/locks-table';
import { ledgerOf } from '../../support/spendings';

type Deps = Parameters<typeof pollWorkItems>[1];
type Output = Awaited<ReturnType<typeof pollWorkItems>>;

export type Tick = Output & { readonly receipt: Receipt; readonly numbers: readonly number[] };

export type PollBench = {
  readonly github: GitHubBench;
  readonly locks: () => LocksBench;
  readonly letters: DeadLetter[];
  readonly receipts: Receipt[];
  /** The artifacts bucket. */
  readonly files: Map<string, string>;
  /** One tick; `change` replaces ports to force one failure. */
  readonly poll: (options?: {
    readonly slots?: number;
    readonly dryRun?: boolean;
    readonly settings?: Partial<BoardSettings>;
    readonly budget?: Partial<CreditBudget>;
    readonly change?: Partial<Deps>;
  }) => Promise<Tick>;
  /** The item as the poll would hand it over. */
  readonly item: (number: number) => WorkItem;
  readonly statusOf: (number: number) => string | null;
  readonly move: (number: number, status: string) => void;
};

/** The poll with its real ports: GitHub's stand-in and a real lock table; queue and receipts are lists. */
export const pollBench = (): (() => PollBench) => {
  const locks = locksBench();
  let bench: PollBench | undefined;
  let github: GitHubBench | undefined;
  beforeEach(async () => {
    github = await startGitHubBench();
    bench = createBench(github, locks);
  });
  afterEach(() => github?.close());
  return () => {
    if (!bench) throw new Error('the bench is there only inside a test');
    return bench;
  };
};

const createBench = (github: GitHubBench, locks: () => LocksBench): PollBench => {
  const letters: DeadLetter[] = [];
  const receipts: Receipt[] = [];
  const files = new Map<string, string>();
  const { model } = github.github;
  const issueOf = (number: number) => {
    const issue = model.all('Issue').find((one) => one.number === number && one.title.startsWith('Issue'));
    if (!issue) throw new Error(`no issue ${number}`);
    return issue;
  };
  const rowOf = (number: number) => {
    const row = model.all('ProjectV2Item').find(({ contentId }) => contentId === issueOf(number).id);
    const status = model
      .children(row?.parentId ?? '', 'ProjectV2SingleSelectField')
      .find(({ name }) => name === 'Status');
    if (!row || !status) throw new Error(`no row for ${number}`);
    return { row, status };
  };

  const poll: PollBench['poll'] = async ({ slots = 1, dryRun = false, settings, budget = {}, change = {} } = {}) => {
    const { run } = github;
    const read = async () => settingsOf(settings);
    const deps: Deps = {
      settings: read,
      board: githubBoardStatus({ settings: read, run, pause: async () => undefined }),
      locks: locks().locks(slots),
      executionLife: locks().executionLife,
      artifacts: { readText: async (key) => files.get(key) ?? null },
      credits: ledgerOf(locks().table, budget, NOW),
      comments: githubComments({ run }),
      boards: {
        find: (of) => findBoard(of, run),
        pages: (board, of, statuses) => readBoardPages(board, of, statuses, run),
        linkedBranches: (ids) => readLinkedBranches(ids, run),
        branchFacts: (repositoryId, branch) =>
          readBranchFacts(repositoryId, branch, {
            run,
            readBlockingRules: (repository, of) =>
              readBlockingRules({ apiUrl: github.github.apiUrl, repository, branch: of }, WRITER),
          }),
      },
      deadLetters: {
        send: async (letter) => {
          letters.push(letter);
        },
      },
      receipts: {
        write: async (receipt, executionName) => {
          receipts.push(receiptSchema.parse(receipt));
          return `receipts/${executionName}`;
        },
      },
      requests: github.client.requests,
      maxConcurrentItems: slots,
      environment: 'test',
      commandOption: ' --env test',
      release: 'r1',
      now: () => NOW,
      ...change,
    };
    const input = { executionArn: 'arn:poll', executionName: 'tick-1', startedAt: NOW.toISOString(), dryRun };
    const output = await pollWorkItems(input, deps);
    const receipt = receipts.at(-1);
    if (!receipt) throw new Error('no receipt was written');
    return { ...output, receipt, numbers: output.items.map(({ issueNumber }) => issueNumber) };
  };

  return {
    github,
    locks,
    letters,
    receipts,
    files,
    poll,
    item: (number) => {
      const issue = issueOf(number);
      const { row } = rowOf(number);
      const repository = model.find(issue.parentId, 'Repository');
      return {
        itemId: row.id,
        projectId: row.parentId,
        issueId: issue.id,
        issueNumber: number,
        title: issue.title,
        url: `${github.github.serverUrl}/acme/work/issues/${number}`,
        repository: repository?.nameWithOwner ?? '',
        repositoryId: issue.parentId,
        branch: `feature/${number}`,
        baseBranch: 'main',
        specPath: `.kiro/specs/${number}`,
        priority: null,
        createdAt: issue.createdAt,
      };
    },
    statusOf: (number) => {
      const { row, status } = rowOf(number);
      return status.options.find(({ id }) => id === row.values[status.id])?.name ?? null;
    },
    move: (number, to) => {
      const { row, status } = rowOf(number);
      const option = status.options.find(({ name }) => name === to);
      if (!option) throw new Error(`no option ${to}`);
      model.put({ ...row, values: { ...row.values, [status.id]: option.id } });
    },
  };
};
