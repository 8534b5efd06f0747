import type { Board, BoardContent, BoardEntry } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import type { RunDocument } from './graphql-client';
import { type Blockers, readOpenBlockers } from './open-blockers';

export const boardItemsDocument = `query BoardItems(
  $projectId: ID!, $after: String, $filter: String!,
  $status: String!, $priority: String!, $branch: String!, $spec: String!
) {
  node(id: $projectId) {
    ... on ProjectV2 {
      items(first: 100, after: $after, query: $filter, archivedStates: [NOT_ARCHIVED]) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          isArchived
          status: fieldValueByName(name: $status) { ... on ProjectV2ItemFieldSingleSelectValue { name } }
          priority: fieldValueByName(name: $priority) { ... on ProjectV2ItemFieldSingleSelectValue { name } }
          branch: fieldValueByName(name: $branch) { ... on ProjectV2ItemFieldTextValue { text } }
          spec: fieldValueByName(name: $spec) { ... on ProjectV2ItemFieldTextValue { text } }
          content {
            __typename
            ... on Issue {
              id number title url state createdAt
              repository { id nameWithOwner }
              blockedBy(first: 50) { totalCount nodes { number state repository { nameWithOwner } } }
            }
            ... on PullRequest { title }
            ... on DraftIssue { title }
          }
        }
      }
    }
  }
}`;

type ItemNode = {
  readonly id: string;
  readonly isArchived: boolean;
  readonly status: { readonly name?: string } | null;
  readonly priority: { readonly name?: string } | null;
  readonly branch: { readonly text?: string } | null;
  readonly spec: { readonly text?: string } | null;
  readonly content:
    | ({ readonly __typename: 'Issue' } & {
        readonly id: string;
        readonly number: number;
        readonly title: string;
        readonly url: string;
        readonly state: string;
        readonly createdAt: string;
        readonly repository: { readonly id: string; readonly nameWithOwner: string };
        readonly blockedBy: Blockers;
      })
    | { readonly __typename: 'PullRequest' | 'DraftIssue'; readonly title: string }
    | null;
};
type Page = {
  readonly node: {
    readonly items?: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: readonly (ItemNode | null)[];
    };
  } | null;
};

const contentOf = async (content: ItemNode['content'], run: RunDocument): Promise<BoardContent> => {
  if (!content) return { kind: 'redacted' };
  if (content.__typename !== 'Issue')
    return { kind: content.__typename === 'PullRequest' ? 'pull-request' : 'draft', title: content.title };
  const { nameWithOwner, id: repositoryId } = content.repository;
  return {
    kind: 'issue',
    issueId: content.id,
    number: content.number,
    title: content.title,
    url: content.url,
    isOpen: content.state === 'OPEN',
    createdAt: content.createdAt,
    repository: nameWithOwner,
    repositoryId,
    blockedBy: await readOpenBlockers(content.id, nameWithOwner, content.blockedBy, run),
  };
};

const entryOf = async (node: ItemNode, run: RunDocument): Promise<BoardEntry> => ({
  itemId: node.id,
  isArchived: node.isArchived,
  status: node.status?.name ?? null,
  priority: node.priority?.name ?? null,
  branch: node.branch?.text?.trim() || null,
  spec: node.spec?.text?.trim() || null,
  content: await contentOf(node.content, run),
});

/**
 * The board's own filter, `status:"Ready","In progress"`, which spares us the rest of the board. GitHub answers what it cannot match with nothing
 * instead of an error, so there is no filter where it is not sure to work: the qualifier is that of the built-in field, and a quote
 * cannot be written inside quotes.
 */
export const statusFilter = (field: string, statuses: readonly string[]): string =>
  field.toLowerCase() !== 'status' || statuses.some((status) => status.includes('"'))
    ? ''
    : `status:${statuses.map((status) => `"${status}"`).join(',')}`;

/**
 * All items in one of `statuses` (and, where the filter cannot be used, of every other), a page of 100 at a time: as many requests as there
 * are hundreds, and one for none.
 */
export async function* readBoardPages(
  board: Board,
  settings: BoardSettings,
  statuses: readonly string[],
  run: RunDocument,
): AsyncGenerator<readonly BoardEntry[]> {
  const filter = statusFilter(settings.fields.status, statuses);
  let after: string | null = null;
  do {
    const page: Page = await run<Page>(boardItemsDocument, {
      projectId: board.projectId,
      after,
      filter,
      ...settings.fields,
    });
    const items = page.node?.items;
    if (!items) throw new WorkerError('BoardMisconfigured', 'The board has vanished while it was read.', 'Try again.');
    const entries: BoardEntry[] = [];
    for (const item of items.nodes) {
      const isAsked = item && (filter !== '' || statuses.includes(item.status?.name ?? ''));
      if (isAsked) entries.push(await entryOf(item, run));
    }
    yield entries;
    after = items.pageInfo.hasNextPage ? items.pageInfo.endCursor : null;
  } while (after);
}
