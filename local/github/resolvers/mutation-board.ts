import type { Context, Resolver } from '../context';
import { githubError, notANode } from '../github-error';
import type { FieldRecord, RecordOf } from '../records';

type Item = RecordOf<'ProjectV2Item'>;
type Target = { readonly projectId: string; readonly itemId: string; readonly fieldId: string };
type FieldValue = {
  readonly singleSelectOptionId?: string | null;
  readonly text?: string | null;
  readonly number?: number | null;
  readonly date?: string | null;
};

const findTarget = ({ projectId, itemId, fieldId }: Target, { model }: Context) => {
  if (!model.find(projectId, 'ProjectV2')) throw notANode(projectId);
  const item = model.find(itemId, 'ProjectV2Item');
  const field = model.find(fieldId, 'ProjectV2Field', 'ProjectV2SingleSelectField');
  if (item?.parentId !== projectId) throw notANode(itemId);
  if (field?.parentId !== projectId) throw notANode(fieldId);
  if (item.isArchived) throw githubError('UNPROCESSABLE', 'The item is archived and cannot be updated');
  if (field.dataType === 'TITLE') {
    throw githubError('UNPROCESSABLE', `The field of type title is currently not supported.`);
  }
  return { item, field };
};

const storedValue = (field: FieldRecord, value: FieldValue): string | number => {
  const wanted = {
    TEXT: value.text,
    NUMBER: value.number,
    DATE: value.date,
    TITLE: null,
    SINGLE_SELECT: value.singleSelectOptionId,
  };
  const given = wanted[field.dataType] ?? null;
  if (given === null) {
    const type = field.dataType.toLowerCase();
    throw githubError('UNPROCESSABLE', `Did not receive a ${type} value to update a field of type ${type}`);
  }
  if (field.kind === 'ProjectV2SingleSelectField' && !field.options.some((option) => option.id === given)) {
    throw githubError('UNPROCESSABLE', 'The single select option Id does not belong to the field');
  }
  return given;
};

const write = (item: Item, mutation: string, { model, faults }: Context) => {
  if (!faults.takeUnseenWrite(mutation)) model.put(item);
  return { projectV2Item: item };
};

/** The last write wins: GitHub has no compare-and-set here. */
export const updateProjectV2ItemFieldValue: Resolver<unknown, { input: Target & { value: FieldValue } }> = (
  _,
  { input },
  context,
  { fieldName },
) => {
  const { item, field } = findTarget(input, context);
  const values = { ...item.values, [field.id]: storedValue(field, input.value) };
  return write({ ...item, values, updatedAt: context.now() }, fieldName, context);
};

export const clearProjectV2ItemFieldValue: Resolver<unknown, { input: Target }> = (
  _,
  { input },
  context,
  { fieldName },
) => {
  const { item, field } = findTarget(input, context);
  const { [field.id]: _cleared, ...values } = item.values;
  return write({ ...item, values, updatedAt: context.now() }, fieldName, context);
};
