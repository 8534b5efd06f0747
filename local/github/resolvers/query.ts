import type { Resolver, TypeResolvers } from '../context';
import { githubError, notANode } from '../github-error';
import { actor, findAccount } from './account';
import { findRepository } from './repository';

const node: Resolver<unknown, { id: string }> = (_, { id }, { model }) => {
  const record = model.get(id);
  if (!record) throw notANode(id);
  return record;
};

const nodes: Resolver<unknown, { ids: readonly string[] }> = (_, { ids }, { model }) =>
  ids.map((id) => model.get(id) ?? notANode(id));

const accountOf =
  (kind: 'Organization' | 'User', article: 'a' | 'an'): Resolver<unknown, { login: string }> =>
  (_, { login }, { model }) => {
    const account = findAccount(model, login);
    if (account?.kind === kind) return account;
    throw githubError('NOT_FOUND', `Could not resolve to ${article} ${kind} with the login of '${login}'.`);
  };

const repository: Resolver<unknown, { owner: string; name: string }> = (_, { owner, name }, { model }) => {
  const found = findRepository(model, `${owner}/${name}`);
  if (found) return found;
  throw githubError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
};

const repositoryOwner: Resolver<unknown, { login: string }> = (_, { login }, { model }) =>
  findAccount(model, login) ?? null;

const rateLimit: Resolver = (_, __, { rateLimit: { cost, nodeCount, state } }) => ({ ...state, cost, nodeCount });

export const queryResolvers: TypeResolvers = {
  viewer: (_, __, { model, viewer }) => actor(model, viewer.login),
  rateLimit,
  node,
  nodes,
  organization: accountOf('Organization', 'an'),
  user: accountOf('User', 'a'),
  repository,
  repositoryOwner,
};
