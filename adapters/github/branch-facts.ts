import { blockingRule } from '../../domain/branch-rules';
import type { BranchRule } from './branch-rules';
import type { RunDocument } from './graphql-client';

export const linkedBranchesDocument = `query LinkedBranches($issueIds: [ID!]!) {
  nodes(ids: $issueIds) { ... on Issue { id linkedBranches(first: 5) { nodes { ref { name } } } } }
}`;

export const branchFactsDocument = `query BranchFacts($repositoryId: ID!, $branch: String!) {
  node(id: $repositoryId) {
    ... on Repository {
      nameWithOwner
      isArchived
      defaultBranchRef { name }
      ref(qualifiedName: $branch) {
        branchProtectionRule { id }
        refUpdateRule { pattern }
        rules(first: 100) { nodes { type } }
      }
    }
  }
}`;

export type BranchFacts = {
  readonly isArchived: boolean;
  /** Null when the repository has no commit yet. */
  readonly defaultBranch: string | null;
  readonly isProtected: boolean;
  /** Types of rules of rulesets that would refuse the worker's push, as REST names them. */
  readonly blockingRules: readonly string[];
};

type Deps = {
  readonly run: RunDocument;
  /** Asked only when the branch has such rules: who may bypass them. */
  readonly readBlockingRules: (repository: string, branch: string) => Promise<readonly BranchRule[]>;
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
  const { nodes } = await run<{ nodes: readonly (LinkedNode | null)[] }>(
    linkedBranchesDocument,
    { issueIds },
    { hiddenAsNull: true },
  );
  return new Map(
    nodes.flatMap((node) => {
      const name = node?.linkedBranches?.nodes.find((branch) => branch?.ref)?.ref?.name;
      return node?.id && name ? [[node.id, name]] : [];
    }),
  );
};

type Answer = {
  readonly node: {
    readonly nameWithOwner?: string;
    readonly isArchived?: boolean;
    readonly defaultBranchRef?: { readonly name: string } | null;
    readonly ref?: {
      readonly branchProtectionRule: { readonly id: string } | null;
      readonly refUpdateRule: { readonly pattern: string } | null;
      readonly rules: { readonly nodes: readonly ({ readonly type: string } | null)[] } | null;
    } | null;
  } | null;
};

/** What GitHub says of the repository and of one branch, which need not exist. */
export const readBranchFacts = async (repositoryId: string, branch: string, deps: Deps): Promise<BranchFacts> => {
  const { node } = await deps.run<Answer>(branchFactsDocument, { repositoryId, branch: `refs/heads/${branch}` });
  const types = (node?.ref?.rules?.nodes ?? []).map((rule) => rule?.type.toLowerCase() ?? '');
  const isRuled = types.some((type) => blockingRule(type) !== undefined);
  const rules = isRuled ? await deps.readBlockingRules(node?.nameWithOwner ?? '', branch) : [];
  return {
    isArchived: node?.isArchived === true,
    defaultBranch: node?.defaultBranchRef?.name ?? null,
    // The first is for administrators' eyes, the second for everybody's.
    isProtected: Boolean(node?.ref?.branchProtectionRule ?? node?.ref?.refUpdateRule),
    // Where it cannot be told who may bypass a rule, the push will tell.
    blockingRules: rules.filter(({ mayBypass }) => mayBypass === false).map(({ type }) => type),
  };
};
