import type { RunDocument } from './graphql-client';

export const linkedBranchDocument = `query LinkedBranch($issueId: ID!) {
  node(id: $issueId) { ... on Issue { linkedBranches(first: 5) { nodes { ref { name } } } } }
}`;

export const branchFactsDocument = `query BranchFacts($repositoryId: ID!, $branch: String!) {
  node(id: $repositoryId) {
    ... on Repository {
      isArchived
      defaultBranchRef { name }
      ref(qualifiedName: $branch) { branchProtectionRule { id } }
    }
  }
}`;

export type BranchFacts = {
  readonly isArchived: boolean;
  /** Null when the repository has no commit yet. */
  readonly defaultBranch: string | null;
  readonly isProtected: boolean;
};

/** The name of the first branch that is linked to the issue; null when none is. */
export const readLinkedBranch = async (issueId: string, run: RunDocument): Promise<string | null> => {
  const { node } = await run<{
    node: { linkedBranches?: { nodes: readonly ({ ref: { name: string } | null } | null)[] } } | null;
  }>(linkedBranchDocument, { issueId });
  return node?.linkedBranches?.nodes.find((branch) => branch?.ref)?.ref?.name ?? null;
};

/** What GitHub says of the repository and of one branch, which need not exist. */
export const readBranchFacts = async (repositoryId: string, branch: string, run: RunDocument): Promise<BranchFacts> => {
  const { node } = await run<{
    node: {
      isArchived?: boolean;
      defaultBranchRef?: { name: string } | null;
      ref?: { branchProtectionRule: { id: string } | null } | null;
    } | null;
  }>(branchFactsDocument, { repositoryId, branch: `refs/heads/${branch}` });
  return {
    isArchived: node?.isArchived === true,
    defaultBranch: node?.defaultBranchRef?.name ?? null,
    isProtected: Boolean(node?.ref?.branchProtectionRule),
  };
};
