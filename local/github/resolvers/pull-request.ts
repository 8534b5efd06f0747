import { type PageArguments, paginate } from '../connection';
import type { Context, Resolver, TypeResolvers } from '../context';
import type { RecordOf } from '../records';
import { conversationResolvers, repositoryOf } from './conversation';
import { readRef } from './ref';

type PullRequest = RecordOf<'PullRequest'>;

const readHead = async (pullRequest: PullRequest, context: Context): Promise<string> => {
  const live = await context.git.readBranch(repositoryOf(pullRequest, context).path, pullRequest.headRefName);
  return live ?? pullRequest.lastHeadOid; // the branch was deleted: GitHub goes on naming its last commit
};

const readBase = async (pullRequest: PullRequest, context: Context): Promise<string> =>
  (await context.git.readBranch(repositoryOf(pullRequest, context).path, pullRequest.baseRefName)) ??
  pullRequest.lastHeadOid;

const commits: Resolver<PullRequest, PageArguments> = async (pullRequest, args, context) => {
  const { path } = repositoryOf(pullRequest, context);
  const { pageInfo } = paginate('commits', [], args);
  const totalCount = await context.git.countCommits(path, pullRequest.baseRefName, pullRequest.headRefName);
  return { totalCount, pageInfo };
};

export const pullRequestResolvers: TypeResolvers = {
  ...conversationResolvers,
  headRefOid: (source: PullRequest, _, context) => readHead(source, context),
  baseRefOid: (source: PullRequest, _, context) => readBase(source, context),
  headRef: (source: PullRequest, _, context) => readRef(repositoryOf(source, context), source.headRefName, context),
  baseRef: (source: PullRequest, _, context) => readRef(repositoryOf(source, context), source.baseRefName, context),
  headRepository: (source: PullRequest, _, context) => repositoryOf(source, context),
  baseRepository: (source: PullRequest, _, context) => repositoryOf(source, context),
  isCrossRepository: () => false,
  merged: ({ state }: PullRequest) => state === 'MERGED',
  commits,
};
