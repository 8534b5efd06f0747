import { artifactPrefix, buildKeys } from '../../domain/artifact-keys';
import type { BoardStatus } from '../../domain/board-settings';
import { buildResultSchema } from '../../domain/build-result';
import { WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import { parseArtifact } from '../../domain/parse-artifact';
import { readSpending } from '../../domain/read-spending';
import { redactDeep } from '../../domain/redact-deep';
import { verdictSchema } from '../../domain/verdict';
import type { Task, TaskInput } from '../_kit/contract';
import type { updatePullRequestContract } from './contract';
import { type PullRequestFacts, pullRequestBody, pullRequestTitle } from './pull-request-body';
import { type PullRequestPorts, putPullRequest } from './put-pull-request';
import { resultComment, resultMarker } from './result-comment';

type Deps = {
  readonly locks: { readonly isCurrent: (lease: Lease) => Promise<boolean> };
  readonly artifacts: { readonly readText: (key: string, versionId?: string) => Promise<string | null> };
  readonly previews: { readonly write: (executionName: string, text: string) => Promise<unknown> };
  readonly pullRequests: PullRequestPorts;
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly board: { readonly write: (itemId: string, status: BoardStatus) => Promise<unknown> };
  readonly artifactsBucket: string;
  /** Whether the AWS console shows what ran. */
  readonly hasConsole: boolean;
  readonly redact: (text: string) => string;
  readonly now: () => Date;
};

type Input = TaskInput<typeof updatePullRequestContract>;

const readFacts = async (input: Input, deps: Deps): Promise<PullRequestFacts> => {
  const { readText } = deps.artifacts;
  const { result: resultKey } = buildKeys(artifactPrefix(input.executionName));
  const result = parseArtifact(await readText(resultKey, input.resultVersionId), resultKey, buildResultSchema);
  const verdictText = await readText(input.verdictKey, input.verdictVersionId);
  const { executionName, item } = input;
  const runs = await readSpending({ executionName, itemId: item.itemId }, deps);
  const facts = {
    item: input.item,
    executionArn: input.executionArn,
    executionName: input.executionName,
    artifactsBucket: deps.artifactsBucket,
    hasConsole: deps.hasConsole,
    result,
    verdict: parseArtifact(verdictText, input.verdictKey, verdictSchema),
    spending: { report: input.spending, runs },
  };
  return redactDeep(facts, deps.redact);
};

/** Each write to GitHub goes through here: an execution that has lost its lease writes nothing more. */
const fenced =
  ({ lease, item }: Input, { locks }: Deps) =>
  async <T>(write: () => Promise<T>): Promise<T> => {
    if (!(await locks.isCurrent(lease)))
      throw new WorkerError('LeaseLost', `The lease on ${item.itemId} (fence ${lease.fence}) is no longer current.`);
    return write();
  };

const previewOf = (
  { item }: Input,
  { title, body, draft }: { readonly title: string; readonly body: string; readonly draft: boolean },
  comment: string,
): string =>
  [
    `# ${title}`,
    `As ${draft ? 'a draft' : 'a pull request'} from \`${item.branch}\` into \`${item.baseBranch}\` of ${item.repository}.`,
    body,
    '---',
    comment,
    '',
  ].join('\n\n');

/** Shows the result; see the contract. */
export const updatePullRequest: Task<typeof updatePullRequestContract, Deps> = async (input, deps) => {
  const { item } = input;
  const facts = await readFacts(input, deps);
  const isGreen = facts.verdict.kind === 'green';
  const status = isGreen ? 'inReview' : 'needsAttention';
  const place = { repositoryId: item.repositoryId, head: item.branch, base: item.baseBranch };
  const text = { title: pullRequestTitle(facts.item), body: pullRequestBody(facts), draft: !isGreen };
  if (input.dryRun) {
    await deps.previews.write(input.executionName, previewOf(input, text, resultComment(facts)));
    return { pullRequest: null, action: 'dry-run', status };
  }
  const write = fenced(input, deps);
  const { pull, action } = await putPullRequest(place, text, write, deps.pullRequests);
  const subjectId = pull?.id ?? item.issueId;
  await write(() => deps.comments.put(subjectId, resultMarker(item.itemId), resultComment(facts)));
  await write(() => deps.board.write(item.itemId, status));
  const pullRequest = pull && { number: pull.number, url: pull.url, isDraft: pull.isDraft };
  return { pullRequest, action, status };
};
