import { type PageArguments, paginate } from '../connection';
import type { Context, Resolver, TypeResolvers } from '../context';
import { nodeId } from '../node-id';
import type { FieldRecord, RecordOf } from '../records';
import { boardFields } from './project';

type Item = RecordOf<'ProjectV2Item'>;

const content: Resolver<Item> = ({ contentId }, _, { model }) =>
  contentId === null ? null : model.find(contentId, 'Issue', 'PullRequest', 'DraftIssue');

const specific = (item: Item, field: FieldRecord, { model }: Context): Record<string, unknown> | null => {
  if (field.dataType === 'TITLE') {
    const titled = model.find(item.contentId ?? '', 'Issue', 'PullRequest', 'DraftIssue');
    return titled ? { kind: 'ProjectV2ItemFieldTextValue', text: titled.title } : null;
  }
  const value = item.values[field.id];
  if (value === undefined) return null;
  switch (field.dataType) {
    case 'TEXT':
      return { kind: 'ProjectV2ItemFieldTextValue', text: value };
    case 'NUMBER':
      return { kind: 'ProjectV2ItemFieldNumberValue', number: value };
    case 'DATE':
      return { kind: 'ProjectV2ItemFieldDateValue', date: value };
    case 'SINGLE_SELECT': {
      const option = field.options.find((candidate) => candidate.id === value);
      if (!option) return null;
      const { id, name, color, description } = option;
      return { kind: 'ProjectV2ItemFieldSingleSelectValue', optionId: id, name, color, description };
    }
  }
};

const shownIn = (item: Item, field: FieldRecord, context: Context): Record<string, unknown> | null => {
  const value = specific(item, field, context);
  if (value === null) return null;
  const { createdAt, updatedAt } = item;
  return {
    ...value,
    id: () => nodeId('ProjectV2ItemFieldValue', item.id, field.id),
    item,
    field,
    createdAt,
    updatedAt,
  };
};

const fieldValueByName: Resolver<Item, { name: string }> = (item, { name }, context) => {
  const asked = boardFields(item.parentId, context).find((field) => field.name.toLowerCase() === name.toLowerCase());
  return asked ? shownIn(item, asked, context) : null;
};

const fieldValues: Resolver<Item, PageArguments> = (item, args, context) => {
  const fields = boardFields(item.parentId, context);
  const values = fields.map((field) => shownIn(item, field, context)).filter((value) => value !== null);
  return paginate('fieldValues', values, args);
};

export const projectItemResolvers: TypeResolvers = {
  content,
  fieldValueByName,
  fieldValues,
  project: ({ parentId }: Item, _, { model }) => model.get(parentId),
};
