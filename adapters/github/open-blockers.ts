import type { RunDocument } from './graphql-client';

export const blockersDocument = `query Blockers($issueId: ID!, $after: String) {
  node(id: $issueId) {
    ... on Issue {
      blockedBy(first: 100, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { number state repository { nameWithOwner } }
      }
    }
  }
}`;

type Blocker = {
  readonly number: number;
  readonly state: string;
  readonly repository: { readonly nameWithOwner: string };
};
export type Blockers = { readonly totalCount: number; readonly nodes: readonly (Blocker | null)[] };
type Page = Blockers & { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } };

const UNSEEN = 'an issue that the token may not see';

const openOf = ({ nodes }: Blockers, repository: string): readonly string[] =>
  nodes.flatMap((blocker) => {
    if (!blocker) return [UNSEEN]; // it may be open
    if (blocker.state !== 'OPEN') return [];
    const place = blocker.repository.nameWithOwner === repository ? '' : blocker.repository.nameWithOwner;
    return [`${place}#${blocker.number}`];
  });

/**
 * The open issues that block one of `repository`, in words. `first` is what came with the board; the rest is asked for only when it decides.
 */
export const readOpenBlockers = async (
  issueId: string,
  repository: string,
  first: Blockers,
  run: RunDocument,
): Promise<readonly string[]> => {
  const open = openOf(first, repository);
  if (open.length > 0 || first.nodes.length >= first.totalCount) return open;
  let after: string | null = null;
  do {
    const { node }: { node: { blockedBy?: Page } | null } = await run(blockersDocument, { issueId, after });
    const page: Page | undefined = node?.blockedBy;
    const found = page ? openOf(page, repository) : [];
    if (found.length > 0) return found;
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  return [];
};
