import { WorkerError } from '../../domain/errors';
import type { RunDocument } from './graphql-client';

export const ownerKindDocument = `query OwnerKind($owner: String!) {
  repositoryOwner(login: $owner) { __typename login }
}`;

type Answer = { readonly repositoryOwner: { readonly __typename: string; readonly login: string } | null };

/** Whether an account is an organisation or a user: their boards are asked for in different ways. @throws WorkerError NotFound */
export const readOwnerKind = async (owner: string, run: RunDocument): Promise<'organization' | 'user'> => {
  const { repositoryOwner } = await run<Answer>(ownerKindDocument, { owner });
  if (repositoryOwner) return repositoryOwner.__typename === 'Organization' ? 'organization' : 'user';
  throw new WorkerError('NotFound', `There is no account "${owner}" on GitHub.`, 'Check the owner of the board.');
};
