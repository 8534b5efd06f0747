import type { Context, Resolver } from '../context';
import { githubError, notANode } from '../github-error';
import { nodeId } from '../node-id';
import type { RecordOf } from '../records';
import { checkText, repositoryOf } from './conversation';
import { nextNumber } from './repository';

type PullRequest = RecordOf<'PullRequest'>;
type Repository = RecordOf<'Repository'>;
type Creation = {
  readonly repositoryId: string;
  readonly baseRefName: string;
  readonly headRefName: string;
  readonly title: string;
  readonly body?: string | null;
  readonly draft?: boolean | null;
  readonly maintainerCanModify?: boolean | null;
};
type Change = {
  readonly pullRequestId: string;
  readonly title?: string | null;
  readonly body?: string | null;
  readonly baseRefName?: string | null;
  readonly state?: 'OPEN' | 'CLOSED' | null;
  readonly labelIds?: readonly string[] | null;
};

const unprocessable = (message: string) => githubError('UNPROCESSABLE', message);

const findPullRequest = (id: string, { model }: Context): PullRequest => {
  const found = model.find(id, 'PullRequest');
  if (!found) throw notANode(id);
  return found;
};

/** One open pull request for each pair of head and base. */
const refuseSecond = (repository: Repository, head: string, base: string, { model }: Context, self = ''): void => {
  const rival = model
    .children(repository.id, 'PullRequest')
    .some(
      (known) =>
        known.id !== self && known.state === 'OPEN' && known.headRefName === head && known.baseRefName === base,
    );
  if (!rival) return;
  const owner = repository.nameWithOwner.split('/')[0];
  throw unprocessable(`A pull request already exists for ${owner}:${head}.`);
};

const readHead = async (repository: Repository, head: string, base: string, { git }: Context): Promise<string> => {
  const headOid = await git.readBranch(repository.path, head);
  const baseOid = await git.readBranch(repository.path, base);
  if (headOid === null || baseOid === null) {
    const lacking = [
      "Head sha can't be blank",
      "Base sha can't be blank",
      `No commits between ${base} and ${head}`,
      ...(headOid === null ? ['Head ref must be a branch'] : []),
      ...(baseOid === null ? ['Base ref must be a branch'] : []),
    ];
    throw unprocessable(lacking.join(', '));
  }
  if ((await git.countCommits(repository.path, base, head)) === 0) {
    throw unprocessable(`No commits between ${base} and ${head}`);
  }
  return headOid;
};

const ownBranch = (repository: Repository, headRefName: string): string => {
  const owner = repository.nameWithOwner.split('/')[0];
  return headRefName.startsWith(`${owner}:`) ? headRefName.slice(`${owner}:`.length) : headRefName;
};

export const createPullRequest: Resolver<unknown, { input: Creation }> = async (_, { input }, context) => {
  const { model, viewer } = context;
  const repository = model.find(input.repositoryId, 'Repository');
  if (!repository) throw notANode(input.repositoryId);
  if (repository.isArchived) throw unprocessable('Repository was archived so is read-only.');
  checkText(input);
  if (input.draft && !repository.allowsDrafts) {
    throw unprocessable('Draft pull requests are not supported in this repository.');
  }
  const headRefName = ownBranch(repository, input.headRefName);
  const { baseRefName } = input;
  const lastHeadOid = await readHead(repository, headRefName, baseRefName, context);
  refuseSecond(repository, headRefName, baseRefName, context);
  const number = nextNumber(model, repository.id);
  const now = context.now();
  const pullRequest: PullRequest = {
    kind: 'PullRequest',
    id: nodeId('PullRequest', repository.nameWithOwner, number),
    parentId: repository.id,
    number,
    title: input.title,
    body: input.body ?? '',
    author: viewer.login,
    labelIds: [],
    state: 'OPEN',
    isDraft: input.draft ?? false,
    headRefName,
    baseRefName,
    lastHeadOid,
    maintainerCanModify: input.maintainerCanModify ?? true,
    createdAt: now,
    updatedAt: now,
  };
  model.put(pullRequest);
  return { pullRequest };
};

export const updatePullRequest: Resolver<unknown, { input: Change }> = (_, { input }, context) => {
  const known = findPullRequest(input.pullRequestId, context);
  checkText(input);
  if (input.state && known.state === 'MERGED') throw unprocessable('A merged pull request cannot change its state.');
  const pullRequest: PullRequest = {
    ...known,
    title: input.title ?? known.title,
    body: input.body ?? known.body,
    baseRefName: input.baseRefName ?? known.baseRefName,
    state: input.state ?? known.state,
    labelIds: [...(input.labelIds ?? known.labelIds)],
    updatedAt: context.now(),
  };
  if (pullRequest.state === 'OPEN') {
    refuseSecond(repositoryOf(known, context), pullRequest.headRefName, pullRequest.baseRefName, context, known.id);
  }
  context.model.put(pullRequest);
  return { pullRequest };
};

const setDraft =
  (isDraft: boolean): Resolver<unknown, { input: { pullRequestId: string } }> =>
  (_, { input }, context) => {
    const known = findPullRequest(input.pullRequestId, context);
    if (isDraft && !repositoryOf(known, context).allowsDrafts) {
      throw unprocessable('Draft pull requests are not supported in this repository.');
    }
    if (known.state !== 'OPEN') throw unprocessable(`Pull request is ${known.state.toLowerCase()}`);
    const pullRequest: PullRequest = { ...known, isDraft, updatedAt: context.now() };
    context.model.put(pullRequest);
    return { pullRequest };
  };

export const markPullRequestReadyForReview = setDraft(false);
export const convertPullRequestToDraft = setDraft(true);
