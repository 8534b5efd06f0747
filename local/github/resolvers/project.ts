import { type PageArguments, paginate } from '../connection';
import type { Context, Resolver, TypeResolvers } from '../context';
import { itemFilter } from '../item-query';
import type { FieldRecord, RecordOf } from '../records';

type Board = RecordOf<'ProjectV2'>;
type ItemArguments = PageArguments & {
  readonly query?: string | null;
  readonly archivedStates?: readonly ('ARCHIVED' | 'NOT_ARCHIVED')[] | null;
  readonly orderBy?: { readonly direction: 'ASC' | 'DESC' } | null;
};

export const boardFields = (boardId: string, { model }: Pick<Context, 'model'>): readonly FieldRecord[] =>
  model.children(boardId, 'ProjectV2Field', 'ProjectV2SingleSelectField');

const items: Resolver<Board, ItemArguments> = ({ id }, args, context) => {
  const ascending = context.model.children(id, 'ProjectV2Item');
  const everything = args.orderBy?.direction === 'DESC' ? [...ascending].reverse() : ascending;
  const states = args.archivedStates ?? ['ARCHIVED', 'NOT_ARCHIVED'];
  const accepts = itemFilter(args.query ?? '', boardFields(id, context), context.model);
  const positions: number[] = [];
  const rows = everything.filter((item, position) => {
    const isWanted = states.includes(item.isArchived ? 'ARCHIVED' : 'NOT_ARCHIVED') && accepts(item);
    if (isWanted) positions.push(position);
    return isWanted;
  });
  return paginate('items', rows, args, positions);
};

const field: Resolver<Board, { name: string }> = ({ id }, { name }, context) =>
  boardFields(id, context).find((candidate) => candidate.name.toLowerCase() === name.toLowerCase()) ?? null;

const fields: Resolver<Board, PageArguments> = ({ id }, args, context) =>
  paginate('fields', boardFields(id, context), args);

const path: Resolver<Board> = ({ parentId, number }, _, { model }) => {
  const owner = model.find(parentId, 'Organization', 'User');
  return `/${owner?.kind === 'User' ? 'users' : 'orgs'}/${owner?.login}/projects/${number}`;
};

export const projectResolvers: TypeResolvers = {
  items,
  field,
  fields,
  owner: ({ parentId }: Board, _, { model }) => model.get(parentId),
  resourcePath: path,
  url: (board: Board, args, context, info) => `${context.serverUrl}${path(board, args, context, info)}`,
  public: () => false,
  template: () => false,
  shortDescription: () => null,
  readme: () => null,
  viewerCanUpdate: (_, __, { viewer }) => viewer.canWrite,
};
