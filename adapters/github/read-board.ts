import type { Board, BoardContent, BoardEntry } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import type { RunDocument } from './graphql-client';
import { createPager, type PageInfo } from './next-page';
import { type Blockers, readOpenBlockers } from './open-blockers';
import { unavailable } from './translate-github-error';

export const boardItemsDocument = `query BoardItems(
  $projectId: ID!, $after: String, $filter: String!,
  $status: String!, $priority: String!, $branch: String!, $spec: String!
) {
  node(id: $projectId) {
    ... on ProjectV2 {
      items(first: 100, after: $after, query: $filter, archivedStates: [NOT_ARCHIVED]) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          type
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
  readonly type: 'ISSUE' | 'PULL_REQUEST' | 'DRAFT_ISSUE' | 'REDACTED';
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
        readonly blockedBy: Blockers | null;
      })
    | { readonly __typename: 'PullRequest' | 'DraftIssue'; readonly title: string }
    | null;
};
type Page = {
  readonly node: {
    readonly items?: {
      readonly totalCount: number;
      readonly pageInfo: PageInfo;
      readonly nodes: readonly (ItemNode | null)[];
    };
  } | null;
};

/** An item whose content the token may not see is REDACTED; behind another organisation's single sign-on only its content is missing. */
const contentOf = async ({ type, content }: ItemNode, run: RunDocument): Promise<BoardContent> => {
  if (!content || type === 'REDACTED') return { kind: 'redacted' };
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
  content: await contentOf(node, run),
});

/** An item of which GitHub says only that it is there: it is told of, as if it were in the first of the columns that were asked for. */
const unseenEntry = (place: string, status: string | null): BoardEntry => ({
  itemId: `unseen:${place}`,
  isArchived: false,
  status,
  priority: null,
  branch: null,
  spec: null,
  content: { kind: 'redacted' },
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

type Items = NonNullable<NonNullable<Page['node']>['items']>;

/** Items seen against items announced. A board may change while it is read, so it is the lowest number of all pages that must be reached. */
const createTally = () => {
  const tally = { seen: 0, least: Number.POSITIVE_INFINITY };
  return {
    add: ({ totalCount, nodes }: Items): void => {
      tally.seen += nodes.length;
      tally.least = Math.min(tally.least, totalCount);
    },
    /** @throws GitHubUnavailable: a board of which a part was left out must not pass for all of it */
    check: (): void => {
      if (tally.seen >= tally.least) return;
      throw unavailable(`it announced ${tally.least} items of the board and sent ${tally.seen}`);
    },
  };
};

/**
 * All items in one of `statuses` (and, where the filter cannot be used, of every other), a page of 100 at a time: as many requests as there
 * are hundreds, and one for none. The archive is left out.
 */
export async function* readBoardPages(
  board: Board,
  settings: BoardSettings,
  statuses: readonly string[],
  run: RunDocument,
): AsyncGenerator<readonly BoardEntry[]> {
  const filter = statusFilter(settings.fields.status, statuses);
  const variables = { projectId: board.projectId, filter, ...settings.fields };
  const tally = createTally();
  const next = createPager('the board');
  let after: string | null = null;
  do {
    const page: Page = await run<Page>(boardItemsDocument, { ...variables, after }, { hiddenAsNull: true });
    const items = page.node?.items;
    if (!items) throw new WorkerError('BoardMisconfigured', 'The board has vanished while it was read.', 'Try again.');
    tally.add(items);
    const entries: BoardEntry[] = [];
    for (const [index, item] of items.nodes.entries()) {
      if (!item) entries.push(unseenEntry(`${after ?? 'first'}:${index}`, statuses[0] ?? null));
      else if (filter !== '' || statuses.includes(item.status?.name ?? '')) entries.push(await entryOf(item, run));
    }
    yield entries;
    after = next(items.pageInfo);
  } while (after);
  tally.check();
}
