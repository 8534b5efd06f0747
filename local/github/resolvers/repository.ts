import { type PageArguments, paginate } from '../connection';
import type { Resolver, TypeResolvers } from '../context';
import { githubError } from '../github-error';
import type { Model } from '../model';
import type { RecordOf } from '../records';
import { findAccount } from './account';
import { readRef } from './ref';

type Repository = RecordOf<'Repository'>;
type Order = { readonly field: 'COMMENTS' | 'CREATED_AT' | 'UPDATED_AT'; readonly direction: 'ASC' | 'DESC' };
type ListArguments = PageArguments & {
  readonly states?: readonly string[] | null;
  readonly labels?: readonly string[] | null;
  readonly headRefName?: string | null;
  readonly baseRefName?: string | null;
  readonly orderBy?: Order | null;
};

export const findRepository = (model: Model, nameWithOwner: string): Repository | undefined => {
  const owner = findAccount(model, nameWithOwner.split('/')[0] ?? '');
  const name = nameWithOwner.toLowerCase();
  return owner && model.children(owner.id, 'Repository').find((known) => known.nameWithOwner.toLowerCase() === name);
};

/** The next number of the repository: issues and pull requests share one row. */
export const nextNumber = (model: Model, repositoryId: string): number =>
  model.children(repositoryId, 'Issue', 'PullRequest').reduce((top, { number }) => Math.max(top, number), 0) + 1;

const sorted = <T extends RecordOf<'Issue' | 'PullRequest'>>(rows: T[], order: Order, model: Model): T[] => {
  const sign = order.direction === 'DESC' ? -1 : 1;
  const keyOf = (row: T): string => (order.field === 'UPDATED_AT' ? row.updatedAt : row.createdAt);
  const weightOf = (row: T): number => model.children(row.id, 'IssueComment').length;
  return rows.sort((a, b) => {
    const first = order.field === 'COMMENTS' ? weightOf(a) - weightOf(b) : keyOf(a).localeCompare(keyOf(b));
    return sign * (first || a.number - b.number);
  });
};

const list = <T extends RecordOf<'Issue' | 'PullRequest'>>(
  rows: readonly T[],
  args: ListArguments,
  model: Model,
): T[] => {
  const named = new Set(args.labels?.map((name) => name.toLowerCase()));
  const hasLabel = (id: string) => named.has(model.find(id, 'Label')?.name.toLowerCase() ?? '');
  const kept = rows.filter(
    (row) =>
      (!args.states || args.states.includes(row.state)) &&
      (!args.labels || row.labelIds.some(hasLabel)) &&
      (row.kind === 'Issue' ||
        ((!args.headRefName || args.headRefName === row.headRefName) &&
          (!args.baseRefName || args.baseRefName === row.baseRefName))),
  );
  return args.orderBy ? sorted(kept, args.orderBy, model) : kept;
};

const numbered =
  (kind: 'Issue' | 'PullRequest'): Resolver<Repository, { number: number }> =>
  ({ id }, { number }, { model }) => {
    const found = model.children(id, kind).find((candidate) => candidate.number === number);
    if (!found)
      throw githubError(
        'NOT_FOUND',
        `Could not resolve to ${/^[AI]/.test(kind) ? 'an' : 'a'} ${kind} with the number of ${number}.`,
      );
    return found;
  };

const pullRequests: Resolver<Repository, ListArguments> = ({ id }, args, { model }) =>
  paginate('pullRequests', list(model.children(id, 'PullRequest'), args, model), args);

const issues: Resolver<Repository, ListArguments> = ({ id }, args, { model }) =>
  paginate('issues', list(model.children(id, 'Issue'), args, model), args);

const ref: Resolver<Repository, { qualifiedName: string }> = (repository, { qualifiedName }, context) =>
  readRef(repository, qualifiedName.replace(/^(refs\/)?heads\//, ''), context);

const refs: Resolver<Repository, PageArguments & { refPrefix: string; query?: string | null }> = async (
  repository,
  args,
  context,
) => {
  if (!/^refs\/heads\/?$/.test(args.refPrefix)) return paginate('refs', [], args);
  const names = await context.git.readBranches(repository.path);
  const wanted = names.filter((name) => name.includes(args.query ?? ''));
  const page = paginate('refs', wanted, args);
  const nodes = await Promise.all(page.nodes.map((name) => readRef(repository, name, context)));
  return { ...page, nodes, edges: page.edges.map(({ cursor }, index) => ({ cursor, node: nodes[index] })) };
};

const label: Resolver<Repository, { name: string }> = ({ id }, { name }, { model }) =>
  model.children(id, 'Label').find((known) => known.name.toLowerCase() === name.toLowerCase()) ?? null;

export const repositoryResolvers: TypeResolvers = {
  name: ({ nameWithOwner }: Repository) => nameWithOwner.split('/')[1],
  owner: ({ parentId }: Repository, _, { model }) => model.get(parentId),
  url: ({ nameWithOwner }: Repository, _, { serverUrl }) => `${serverUrl}/${nameWithOwner}`,
  resourcePath: ({ nameWithOwner }: Repository) => `/${nameWithOwner}`,
  defaultBranchRef: (repository: Repository, _, context) => readRef(repository, repository.defaultBranch, context),
  isEmpty: async ({ path }: Repository, _, { git }) => (await git.readBranches(path)).length === 0,
  isPrivate: () => true,
  isFork: () => false,
  isDisabled: () => false,
  isLocked: () => false,
  viewerPermission: (_, __, { viewer }) => (viewer.canWrite ? 'WRITE' : 'READ'),
  issue: numbered('Issue'),
  pullRequest: numbered('PullRequest'),
  issues,
  pullRequests,
  ref,
  refs,
  label,
  labels: ({ id }: Repository, args: PageArguments, { model }) => paginate('labels', model.children(id, 'Label'), args),
};
