import { type PageArguments, paginate } from '../connection';
import type { Resolver, TypeResolvers } from '../context';
import { githubError } from '../github-error';
import type { Model } from '../model';
import { nodeId } from '../node-id';
import type { AccountRecord } from '../records';

export const findAccount = (model: Model, login: string): AccountRecord | undefined =>
  model.children('', 'Organization', 'User').find((account) => account.login.toLowerCase() === login.toLowerCase());

/** Whoever wrote something; a login that was never seeded (a token's owner, say) is a user all the same. */
export const actor = (model: Model, login: string): AccountRecord => {
  const unknown = '1970-01-01T00:00:00Z';
  return (
    findAccount(model, login) ?? {
      kind: 'User',
      id: nodeId('User', login.toLowerCase()),
      parentId: null,
      login,
      name: null,
      createdAt: unknown,
      updatedAt: unknown,
    }
  );
};

const projectV2: Resolver<AccountRecord, { number: number }> = ({ id }, { number }, { model }) => {
  const board = model.children(id, 'ProjectV2').find((candidate) => candidate.number === number);
  if (!board) throw githubError('NOT_FOUND', `Could not resolve to a ProjectV2 with the number ${number}.`);
  return board;
};

const repository: Resolver<AccountRecord, { name: string }> = ({ id, login }, { name }, { model }) =>
  model.children(id, 'Repository').find((candidate) => {
    return candidate.nameWithOwner.toLowerCase() === `${login}/${name}`.toLowerCase();
  }) ?? null;

/** Organization and User. */
export const accountResolvers = {
  projectV2,
  projectsV2: ({ id }, args, { model }) => paginate('projectsV2', model.children(id, 'ProjectV2'), args),
  repository,
  repositories: ({ id }, args, { model }) => paginate('repositories', model.children(id, 'Repository'), args),
  url: ({ login }, _, { serverUrl }) => `${serverUrl}/${login}`,
  resourcePath: ({ login }) => `/${login}`,
  avatarUrl: ({ login }, _, { serverUrl }) => `${serverUrl}/${login}.png`,
  isViewer: ({ login }, _, { viewer }) => viewer.login.toLowerCase() === login.toLowerCase(),
  email: () => '',
} satisfies Record<string, Resolver<AccountRecord, PageArguments & { number: number; name: string }>> as TypeResolvers;
