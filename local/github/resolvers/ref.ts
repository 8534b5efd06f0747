import { rulesFor } from '../branch-rules';
import { type PageArguments, paginate } from '../connection';
import type { Context, Resolver, TypeResolvers } from '../context';
import { nodeId } from '../node-id';
import type { RecordOf } from '../records';

type Repository = RecordOf<'Repository'>;
type Ref = {
  readonly kind: 'Ref';
  readonly id: string;
  readonly name: string;
  readonly prefix: 'refs/heads/';
  readonly repository: Repository;
  readonly target: Commit;
};
type Commit = { readonly kind: 'Commit'; readonly id: string; readonly oid: string; readonly repository: Repository };

/** The branch as git has it now, null when git does not have it. */
export const readRef = async (repository: Repository, name: string, { git }: Context): Promise<Ref | null> => {
  const oid = await git.readBranch(repository.path, name);
  if (oid === null) return null;
  const target: Commit = { kind: 'Commit', id: nodeId('Commit', repository.id, oid), oid, repository };
  return { kind: 'Ref', id: nodeId('Ref', repository.id, name), name, prefix: 'refs/heads/', repository, target };
};

const branchProtectionRule: Resolver<Ref> = ({ name, repository }) =>
  repository.protectedBranches.includes(name)
    ? {
        kind: 'BranchProtectionRule',
        id: nodeId('BranchProtectionRule', repository.id, name),
        pattern: name,
        repository,
      }
    : null;

/** What somebody who is no administrator may see of the same rule. */
const refUpdateRule: Resolver<Ref> = ({ name, repository }) =>
  repository.protectedBranches.includes(name) ? { kind: 'RefUpdateRule', pattern: name, viewerCanPush: false } : null;

const rules: Resolver<Ref, PageArguments> = ({ id, name, repository }, args) =>
  paginate(
    'rules',
    rulesFor(repository, name).map(({ type }) => ({
      kind: 'RepositoryRule',
      id: nodeId('RepositoryRule', id, type),
      type: type.toUpperCase(),
    })),
    args,
  );

export const refResolvers: TypeResolvers = { branchProtectionRule, refUpdateRule, rules };

export const branchProtectionRuleResolvers: TypeResolvers = {
  restrictsPushes: () => true,
  isAdminEnforced: () => true,
  allowsForcePushes: () => false,
  allowsDeletions: () => false,
};

export const commitResolvers: TypeResolvers = {
  abbreviatedOid: ({ oid }: Commit) => oid.slice(0, 7),
  url: ({ oid, repository }: Commit, _, { serverUrl }) => `${serverUrl}/${repository.nameWithOwner}/commit/${oid}`,
  commitUrl: ({ oid, repository }: Commit, _, { serverUrl }) =>
    `${serverUrl}/${repository.nameWithOwner}/commit/${oid}`,
};
