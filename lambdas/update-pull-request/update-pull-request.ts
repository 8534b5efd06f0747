import { artifactPrefix, buildKeys } from '../../domain/artifact-keys';
import type { BoardStatus } from '../../domain/board-settings';
import { buildResultSchema } from '../../domain/build-result';
import { hasCode, WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import { verdictSchema } from '../../domain/verdict';
import type { Task, TaskInput } from '../_kit/contract';
import type { updatePullRequestContract } from './contract';
import {
  type PullRequestFacts,
  pullRequestBody,
  pullRequestTitle,
  resultComment,
  resultMarker,
} from './pull-request-body';

type PullRequest = { readonly id: string; readonly number: number; readonly url: string; readonly isDraft: boolean };
type Place = { readonly repositoryId: string; readonly head: string; readonly base: string };
type PullRequestText = { readonly title: string; readonly body: string };

type Deps = {
  readonly locks: { readonly isCurrent: (lease: Lease) => Promise<boolean> };
  readonly artifacts: { readonly readText: (key: string, versionId?: string) => Promise<string | null> };
  readonly pullRequests: {
    readonly find: (place: Place) => Promise<PullRequest | null>;
    readonly create: (place: Place, text: PullRequestText, draft: boolean) => Promise<PullRequest>;
    readonly update: (pull: PullRequest, text: PullRequestText) => Promise<PullRequest>;
    readonly setDraft: (pull: PullRequest, draft: boolean) => Promise<PullRequest>;
  };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly board: { readonly write: (itemId: string, status: BoardStatus) => Promise<void> };
  readonly artifactsBucket: string;
  readonly redact: (text: string) => string;
};

type Input = TaskInput<typeof updatePullRequestContract>;

const readFacts = async (input: Input, deps: Deps): Promise<PullRequestFacts> => {
  const read = async (key: string, versionId?: string): Promise<unknown> => {
    const text = await deps.artifacts.readText(key, versionId);
    if (text === null) throw new WorkerError('ResultMissing', `${key} is not in the artifacts bucket.`);
    return JSON.parse(text);
  };
  return {
    item: input.item,
    executionArn: input.executionArn,
    executionName: input.executionName,
    artifactsBucket: deps.artifactsBucket,
    result: buildResultSchema.parse(await read(buildKeys(artifactPrefix(input.executionName)).result)),
    verdict: verdictSchema.parse(await read(input.verdictKey, input.verdictVersionId)),
  };
};

/** Each write to GitHub goes through here: an execution that has lost its lease writes nothing more. */
const fenced =
  ({ lease, item }: Input, { locks }: Deps) =>
  async <T>(write: () => Promise<T>): Promise<T> => {
    if (!(await locks.isCurrent(lease)))
      throw new WorkerError('LeaseLost', `The lease on ${item.itemId} (fence ${lease.fence}) is no longer current.`);
    return write();
  };

/** Shows the result; see the contract. */
export const updatePullRequest: Task<typeof updatePullRequestContract, Deps> = async (input, deps) => {
  const facts = await readFacts(input, deps);
  const status = facts.verdict.kind === 'green' ? 'inReview' : 'needsAttention';
  if (input.dryRun) return { pullRequest: null, action: 'dry-run', status };
  const write = fenced(input, deps);
  const hasCommits = facts.result.resultHead !== facts.result.head;
  const shown = await show(facts, hasCommits, write, deps);
  await write(() => deps.board.write(input.item.itemId, status));
  return { ...shown, status };
};

type Write = ReturnType<typeof fenced>;

const show = async (facts: PullRequestFacts, hasCommits: boolean, write: Write, deps: Deps) => {
  const { item } = facts;
  const marker = resultMarker(item.itemId);
  const comment = deps.redact(resultComment(facts));
  const place = { repositoryId: item.repositoryId, head: item.branch, base: item.baseBranch };
  const existing = await deps.pullRequests.find(place);
  if (!existing && !hasCommits) {
    await write(() => deps.comments.put(item.issueId, marker, comment));
    return { pullRequest: null, action: 'commented' as const };
  }
  const pull = await write(() => putPullRequest(existing, place, facts, deps));
  await write(() => deps.comments.put(pull.id, marker, comment));
  const { number, url, isDraft } = pull;
  return { pullRequest: { number, url, isDraft }, action: existing ? ('updated' as const) : ('created' as const) };
};

const putPullRequest = async (
  existing: PullRequest | null,
  place: Place,
  facts: PullRequestFacts,
  deps: Deps,
): Promise<PullRequest> => {
  const text = {
    title: deps.redact(pullRequestTitle(facts.item)),
    body: deps.redact(pullRequestBody(facts)),
  };
  const draft = facts.verdict.kind === 'red';
  if (!existing) return createPullRequest(place, text, draft, deps);
  const updated = await deps.pullRequests.update(existing, text);
  if (updated.isDraft === draft) return updated;
  return deps.pullRequests.setDraft(updated, draft).catch((error: unknown) => {
    if (draft && refusesDrafts(error)) return updated;
    throw error;
  });
};

/** GitHub's words where a plan or repository has no drafts. */
const refusesDrafts = (error: unknown): boolean =>
  hasCode(error, 'GitHubRefused') && /draft/i.test((error as Error).message);

/** A repository that refuses drafts gets a normal pull request: its text begins with why it is not ready. */
const createPullRequest = async (
  place: Place,
  text: PullRequestText,
  draft: boolean,
  { pullRequests }: Deps,
): Promise<PullRequest> => {
  try {
    return await pullRequests.create(place, text, draft);
  } catch (error) {
    if (draft && refusesDrafts(error)) return pullRequests.create(place, text, false);
    if (!/already exists/i.test((error as Error).message)) throw error;
    const rival = await pullRequests.find(place); // an earlier try whose answer was lost
    if (!rival) throw error;
    return pullRequests.update(rival, text);
  }
};
