import type { Resolver, TypeResolvers } from '../context';
import type { FieldRecord, RecordOf } from '../records';

const project: Resolver<FieldRecord> = ({ parentId }, _, { model }) => model.get(parentId);

const options: Resolver<RecordOf<'ProjectV2SingleSelectField'>, { names?: readonly string[] | null }> = (
  field,
  { names },
) => field.options.filter(({ name }) => !names || names.includes(name));

export const projectFieldResolvers: TypeResolvers = { project };

export const singleSelectFieldResolvers: TypeResolvers = { project, options };
