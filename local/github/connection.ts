import { githubError } from './github-error';

export type PageArguments = {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
};

export type Connection<T> = {
  readonly totalCount: number;
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

const encodeCursor = (position: number): string => Buffer.from(`cursor:v2:${position}`).toString('base64');

const decodeCursor = (cursor: string): number => {
  const [, position] = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
  if (position === undefined) {
    throw githubError('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
  }
  return Number(position);
};

const checkBoundary = (name: string, boundary: 'first' | 'last', value: number | null | undefined): void => {
  if (value === null || value === undefined) return;
  if (value > 100) {
    const message = `Requesting ${value} records on the \`${name}\` connection exceeds the \`${boundary}\` limit of 100 records.`;
    throw githubError('EXCESSIVE_PAGINATION', message);
  }
  if (value < 1) {
    const message = `\`${boundary}\` on the \`${name}\` connection must be between 1 and 100, not ${value}.`;
    throw githubError('ARGUMENT_LIMIT', message);
  }
};

const checkBoundaries = (name: string, { first, last }: PageArguments): void => {
  if ((first ?? null) === null && (last ?? null) === null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
    throw githubError('MISSING_PAGINATION_BOUNDARIES', message);
  }
  checkBoundary(name, 'first', first);
  checkBoundary(name, 'last', last);
};

/**
 * One page of `rows`, under GitHub's rules: `first` or `last`, 1 to 100. `name` is the field, for the error's text.
 * `positions` (rising, one per row) are what cursors remember, so that a row that drops out of a filtered listing between
 * two pages shifts nothing; without them it is the place in `rows`.
 */
export const paginate = <T>(
  name: string,
  rows: readonly T[],
  page: PageArguments,
  positions?: readonly number[],
): Connection<T> => {
  checkBoundaries(name, page);
  const positionOf = (index: number): number => positions?.[index] ?? index;
  const firstBeyond = (position: number): number => {
    let index = 0;
    while (index < rows.length && positionOf(index) <= position) index += 1;
    return index;
  };
  let start = page.after ? firstBeyond(decodeCursor(page.after)) : 0;
  let end = page.before ? firstBeyond(decodeCursor(page.before) - 1) : rows.length;
  if (page.first) end = Math.min(end, start + page.first);
  if (page.last) start = Math.max(start, end - page.last);
  const nodes = rows.slice(start, Math.max(start, end));
  const edges = nodes.map((node, offset) => ({ cursor: encodeCursor(positionOf(start + offset)), node }));
  return {
    totalCount: rows.length,
    nodes,
    edges,
    pageInfo: {
      hasNextPage: end < rows.length,
      hasPreviousPage: start > 0 && rows.length > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
};
