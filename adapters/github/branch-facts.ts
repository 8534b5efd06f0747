import type { RunDocument } from './graphql-client';

export const linkedBranchesDocument = `query LinkedBranches($issueIds: [ID!]!) {
  nodes(ids: $issueIds) { ... on Issue { id linkedBranches(first: 5) { nodes { ref { name } } } } }
}`;

export const branchFactsDocument = `query BranchFacts($repositoryId: ID!, $branch: String!) {
  node(id: $repositoryId) {
    ... on Repository {
      isArchived
      defaultBranchRef { name }
      ref(qualifiedName: $branch) { branchProtectionRule { id } refUpdateRule { pattern } }
    }
  }
}`;

export type BranchFacts = {
  readonly isArchived: boolean;
  /** Null when the repository has no commit yet. */
  readonly defaultBranch: string | null;
  readonly isProtected: boolean;
};

type LinkedNode = {
  readonly id?: string;
  readonly linkedBranches?: { readonly nodes: readonly ({ readonly ref: { readonly name: string } | null } | null)[] };
};

/** By issue, the name of the first branch that is linked to it; one without any is left out. At most 100 issues. */
export const readLinkedBranches = async (
  issueIds: readonly string[],
  run: RunDocument,
): Promise<ReadonlyMap<string, string>> => {
  const { nodes } = await run<{ nodes: readonly (LinkedNode | null)[] }>(linkedBranchesDocument, { issueIds });
  return new Map(
    nodes.flatMap((node) => {
      const name = node?.linkedBranches?.nodes.find((branch) => branch?.ref)?.ref?.name;
      return node?.id && name ? [[node.id, name]] : [];
    }),
  );
};

/** What GitHub says of the repository and of one branch, which need not exist. */
export const readBranchFacts = async (repositoryId: string, branch: string, run: RunDocument): Promise<BranchFacts> => {
  const { node } = await run<{
    node: {
      isArchived?: boolean;
      defaultBranchRef?: { name: string } | null;
      ref?: { branchProtectionRule: { id: string } | null; refUpdateRule: { pattern: string } | null } | null;
    } | null;
  }>(branchFactsDocument, { repositoryId, branch: `refs/heads/${branch}` });
  return {
    isArchived: node?.isArchived === true,
    defaultBranch: node?.defaultBranchRef?.name ?? null,
    // The first is for administrators' eyes, the second for everybody's.
    isProtected: Boolean(node?.ref?.branchProtectionRule ?? node?.ref?.refUpdateRule),
  };
};
