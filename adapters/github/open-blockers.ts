import type { RunDocument } from './graphql-client';
import { createPager, type PageInfo } from './next-page';

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
type Page = Blockers & { readonly pageInfo: PageInfo };

const UNSEEN = 'an issue that the token may not see';

const openOf = ({ nodes }: Blockers, repository: string): readonly string[] =>
  nodes.flatMap((blocker) => {
    if (!blocker) return [UNSEEN]; // it may be open
    if (blocker.state !== 'OPEN') return [];
    const place = blocker.repository.nameWithOwner === repository ? '' : blocker.repository.nameWithOwner;
    return [`${place}#${blocker.number}`];
  });

/**
 * The open issues that block one of `repository`, in words. `first` is what came with the board; the rest is asked for only when it decides. A blocker that
 * GitHub counts and does not show may be open, and is said to be there.
 */
export const readOpenBlockers = async (
  issueId: string,
  repository: string,
  first: Blockers | null,
  run: RunDocument,
): Promise<readonly string[]> => {
  const open = first ? openOf(first, repository) : [];
  if (open.length > 0 || (first && first.nodes.length >= first.totalCount)) return open;
  const next = createPager('the issues that block another');
  let seen = 0;
  for (let after: string | null = null; ; ) {
    const { node }: { node: { blockedBy?: Page | null } | null } = await run(
      blockersDocument,
      { issueId, after },
      { hiddenAsNull: true },
    );
    const page: Page | null | undefined = node?.blockedBy;
    if (!page) return [UNSEEN];
    const found = openOf(page, repository);
    if (found.length > 0) return found;
    seen += page.nodes.length;
    after = next(page.pageInfo);
    if (after === null) return seen < page.totalCount ? [UNSEEN] : [];
  }
};
