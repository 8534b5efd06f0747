import type { RunDocument } from './graphql-client';

export const repositoryFactsDocument = `query RepositoryFacts($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    isArchived
    viewerPermission
    defaultBranchRef { name branchProtectionRule { id } refUpdateRule { viewerCanPush } }
  }
}`;

export type RepositoryFacts = {
  readonly isArchived: boolean;
  /** Of the account behind the token; null for a GitHub App. */
  readonly permission: string | null;
  /** Null: no commit yet. */
  readonly defaultBranch: string | null;
  /** By a protection rule of the branch; rulesets are asked for elsewhere. */
  readonly isProtected: boolean;
};

type Answer = {
  readonly repository: {
    readonly isArchived: boolean;
    readonly viewerPermission: string | null;
    readonly defaultBranchRef: {
      readonly name: string;
      readonly branchProtectionRule: object | null;
      readonly refUpdateRule: object | null;
    } | null;
  } | null;
};

/** What a token may do in `OWNER/NAME`. Null when it sees no such repository. @throws NotFound likewise, and what GitHub may answer */
export const readRepositoryFacts = async (repository: string, run: RunDocument): Promise<RepositoryFacts | null> => {
  const [owner, name] = repository.split('/');
  const { repository: found } = await run<Answer>(repositoryFactsDocument, { owner, name });
  if (!found) return null;
  const { isArchived, viewerPermission: permission, defaultBranchRef: branch } = found;
  const isProtected = Boolean(branch?.branchProtectionRule ?? branch?.refUpdateRule);
  return { isArchived, permission, defaultBranch: branch?.name ?? null, isProtected };
};
