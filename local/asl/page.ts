import { apiError } from './failures';

type Paging = { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined };

const offsetOf = (token: string | undefined): number => {
  if (token === undefined) return 0;
  const offset = Number(
    Buffer.from(token, 'base64url')
      .toString('utf8')
      .replace(/^from-/, ''),
  );
  if (!Number.isSafeInteger(offset) || offset < 1) throw apiError('InvalidToken', `Invalid Token: '${token}'`);
  return offset;
};

/** One page of a list: 100 entries unless maxResults says otherwise (0 means the default, as on AWS). */
export const pageOf = <T>(
  all: readonly T[],
  { maxResults, nextToken }: Paging,
): { readonly items: T[]; readonly nextToken?: string } => {
  const start = offsetOf(nextToken);
  const end = start + (maxResults || 100);
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: Buffer.from(`from-${end}`).toString('base64url') } : { items };
};
