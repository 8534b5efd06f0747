import { nodeId, optionId } from './node-id';
import type { AccountRecord, FieldRecord, GitHubRecord, RecordOf } from './records';
import type { ParsedSeed } from './seed';

type SeedBoard = ParsedSeed['boards'][number];
type SeedField = SeedBoard['fields'][number];
type SeedItem = SeedBoard['items'][number];
type Deps = {
  readonly plant: (record: GitHubRecord) => void;
  readonly knows: (id: string) => boolean;
  readonly fail: (message: string) => Error;
};
type Base = { readonly createdAt: string; readonly updatedAt: string; readonly parentId: string };

const fieldRecord = (field: SeedField, base: Base): FieldRecord => {
  if (field.type === 'single-select') {
    const id = nodeId('ProjectV2SingleSelectField', base.parentId, field.name);
    const options = field.options.map((option) => ({ ...option, id: optionId(id, option.name) }));
    return { kind: 'ProjectV2SingleSelectField', id, ...base, name: field.name, dataType: 'SINGLE_SELECT', options };
  }
  const dataType = ({ text: 'TEXT', number: 'NUMBER', date: 'DATE' } as const)[field.type];
  return {
    kind: 'ProjectV2Field',
    id: nodeId('ProjectV2Field', base.parentId, field.name),
    ...base,
    name: field.name,
    dataType,
  };
};

const storedValues = (item: SeedItem, fields: ReadonlyMap<string, FieldRecord>, { fail }: Deps) => {
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(item.values)) {
    const field = fields.get(name);
    if (!field) throw fail(`an item sets "${name}", which is no field of its board.`);
    const option = field.kind === 'ProjectV2SingleSelectField' && field.options.find((known) => known.name === value);
    if (field.kind === 'ProjectV2SingleSelectField' && !option) throw fail(`"${name}" has no option "${value}".`);
    if (typeof value !== (field.dataType === 'NUMBER' ? 'number' : 'string')) {
      throw fail(`"${name}" cannot hold ${JSON.stringify(value)}.`);
    }
    values[field.id] = option ? option.id : value;
  }
  return values;
};

const types = {
  issue: 'ISSUE',
  'pull-request': 'PULL_REQUEST',
  'draft-issue': 'DRAFT_ISSUE',
  redacted: 'REDACTED',
} as const;

/** What an item's id hangs on: its content, so that the same issue is on a board once. */
const itemKey = (item: SeedItem): readonly (string | number)[] => {
  switch (item.type) {
    case 'issue':
    case 'pull-request':
      return [item.repository, item.number];
    case 'draft-issue':
      return ['draft', item.title];
    case 'redacted':
      return ['redacted', item.key];
  }
};

const contentIdOf = (item: SeedItem, itemId: string): string | null => {
  switch (item.type) {
    case 'issue':
      return nodeId('Issue', item.repository, item.number);
    case 'pull-request':
      return nodeId('PullRequest', item.repository, item.number);
    case 'draft-issue':
      return nodeId('DraftIssue', itemId);
    case 'redacted':
      return null;
  }
};

const plantItem = (
  item: SeedItem,
  author: string,
  base: Base,
  fields: ReadonlyMap<string, FieldRecord>,
  deps: Deps,
): void => {
  const id = nodeId('ProjectV2Item', base.parentId, ...itemKey(item));
  const contentId = contentIdOf(item, id);
  if (item.type === 'draft-issue' && contentId !== null) {
    const { title, body } = item;
    deps.plant({ kind: 'DraftIssue', ...base, id: contentId, parentId: id, title, body, author });
  }
  if ((item.type === 'issue' || item.type === 'pull-request') && !deps.knows(contentId ?? '')) {
    throw deps.fail(`the board shows ${item.type} ${item.repository}#${item.number}, which does not exist.`);
  }
  const values = storedValues(item, fields, deps);
  const record: RecordOf<'ProjectV2Item'> = {
    kind: 'ProjectV2Item',
    id,
    ...base,
    type: types[item.type],
    contentId,
    isArchived: item.archived,
    values,
  };
  deps.plant(record);
};

/** A board with its fields (GitHub gives every board a Title) and items, in the order of the seed. */
export const plantBoard = (board: SeedBoard, owner: AccountRecord, time: string, deps: Deps): void => {
  const id = nodeId('ProjectV2', owner.login.toLowerCase(), board.number);
  const times = { createdAt: time, updatedAt: time };
  const { number, title } = board;
  deps.plant({ kind: 'ProjectV2', id, parentId: owner.id, number, title, closed: false, ...times });
  const base: Base = { parentId: id, ...times };
  deps.plant({
    kind: 'ProjectV2Field',
    ...base,
    id: nodeId('ProjectV2Field', id, 'Title'),
    name: 'Title',
    dataType: 'TITLE',
  });
  const fields = new Map(board.fields.map((field) => [field.name, fieldRecord(field, base)]));
  for (const field of fields.values()) deps.plant(field);
  for (const item of board.items) plantItem(item, owner.login, base, fields, deps);
};
