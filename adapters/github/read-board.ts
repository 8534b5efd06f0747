import type { Board, BoardContent, BoardEntry } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import type { RunDocument } from './graphql-client';

export const organizationBoardDocument = `query OrganizationBoard($owner: String!, $number: Int!) {
  organization(login: $owner) {
    projectV2(number: $number) {
      id
      fields(first: 100) {
        nodes {
          ... on ProjectV2FieldCommon { id name dataType }
          ... on ProjectV2SingleSelectField { options { id name } }
        }
      }
    }
  }
}`;

export const userBoardDocument = `query UserBoard($owner: String!, $number: Int!) {
  user(login: $owner) {
    projectV2(number: $number) {
      id
      fields(first: 100) {
        nodes {
          ... on ProjectV2FieldCommon { id name dataType }
          ... on ProjectV2SingleSelectField { options { id name } }
        }
      }
    }
  }
}`;

export const boardItemsDocument = `query BoardItems(
  $projectId: ID!, $after: String, $query: String!,
  $status: String!, $priority: String!, $branch: String!, $spec: String!
) {
  node(id: $projectId) {
    ... on ProjectV2 {
      items(first: 100, after: $after, query: $query, archivedStates: [NOT_ARCHIVED]) {
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
              blockedBy(first: 50) { nodes { number state } }
            }
            ... on PullRequest { title }
            ... on DraftIssue { title }
          }
        }
      }
    }
  }
}`;

type FieldNode = {
  readonly id?: string;
  readonly name?: string;
  readonly dataType?: string;
  readonly options?: readonly { readonly id: string; readonly name: string }[];
};
type Project = { readonly id: string; readonly fields: { readonly nodes: readonly (FieldNode | null)[] } };
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
        readonly blockedBy: { readonly nodes: readonly ({ readonly number: number; readonly state: string } | null)[] };
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

const listOf = (names: readonly (string | undefined)[]): string => names.map((name) => `"${name}"`).join(', ');

const misconfigured = (what: string, remedy: string) => new WorkerError('BoardMisconfigured', what, remedy);

/** Finds the board and checks every name that the settings use: a renamed field or option is an error, never an empty board. */
export const findBoard = async (settings: BoardSettings, run: RunDocument): Promise<Board> => {
  const where = `the board ${settings.owner}/${settings.number}`;
  const document = settings.ownerKind === 'organization' ? organizationBoardDocument : userBoardDocument;
  const answer = await run<Record<string, { readonly projectV2: Project | null } | null>>(document, {
    owner: settings.owner,
    number: settings.number,
  });
  const project = answer[settings.ownerKind]?.projectV2;
  if (!project)
    throw misconfigured(`There is no ${where} that the token may see.`, 'Check owner, ownerKind and number.');
  const fields = project.fields.nodes.filter((field) => field !== null);
  for (const name of Object.values(settings.fields))
    if (!fields.some((field) => field.name === name))
      throw misconfigured(
        `There is no field "${name}" on ${where}; it has ${listOf(fields.map((field) => field.name))}.`,
        'Rename the field, or name it in the board settings.',
      );
  const status = fields.find((field) => field.name === settings.fields.status);
  const options = status?.options ?? [];
  for (const name of Object.values(settings.options))
    if (!options.some((option) => option.name === name))
      throw misconfigured(
        `The field "${settings.fields.status}" of ${where} has no option "${name}"; it has ${listOf(options.map((option) => option.name))}.`,
        'Rename the option, or name it in the board settings.',
      );
  return {
    projectId: project.id,
    statusFieldId: status?.id ?? '',
    statusOptionIds: Object.fromEntries(options.map(({ id, name }) => [name, id])),
  };
};

const contentOf = (content: ItemNode['content']): BoardContent => {
  if (!content) return { kind: 'redacted' };
  if (content.__typename !== 'Issue')
    return { kind: content.__typename === 'PullRequest' ? 'pull-request' : 'draft', title: content.title };
  return {
    kind: 'issue',
    issueId: content.id,
    number: content.number,
    title: content.title,
    url: content.url,
    isOpen: content.state === 'OPEN',
    createdAt: content.createdAt,
    repository: content.repository.nameWithOwner,
    repositoryId: content.repository.id,
    blockedBy: content.blockedBy.nodes.flatMap((issue) => (issue?.state === 'OPEN' ? [issue.number] : [])),
  };
};

const entryOf = (node: ItemNode): BoardEntry => ({
  itemId: node.id,
  isArchived: node.isArchived,
  status: node.status?.name ?? null,
  priority: node.priority?.name ?? null,
  branch: node.branch?.text?.trim() || null,
  spec: node.spec?.text?.trim() || null,
  content: contentOf(node.content),
});

/** The board's own filter syntax: `status:Ready,"In progress"`. */
export const statusFilter = (statuses: readonly string[]): string =>
  `status:${statuses.map((status) => (/^[\w-]+$/.test(status) ? status : `"${status}"`)).join(',')}`;

/** All items in one of `statuses`, a page of 100 at a time: as many requests as there are hundreds, and one for none. */
export async function* readBoardPages(
  board: Board,
  settings: BoardSettings,
  statuses: readonly string[],
  run: RunDocument,
): AsyncGenerator<readonly BoardEntry[]> {
  let after: string | null = null;
  do {
    const { node }: Page = await run<Page>(boardItemsDocument, {
      projectId: board.projectId,
      after,
      query: statusFilter(statuses),
      ...settings.fields,
    });
    if (!node?.items) throw misconfigured('The board has vanished while it was read.', 'Try again.');
    yield node.items.nodes.flatMap((item) => (item ? [entryOf(item)] : []));
    after = node.items.pageInfo.hasNextPage ? node.items.pageInfo.endCursor : null;
  } while (after);
}
