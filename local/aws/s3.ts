import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError } from './aws-error';
import type { ObjectStore, ObjectVersion } from './object-store';
import { putObject } from './s3-put';

const xml = (text: string): string =>
  text.replace(/[<>&'"]/g, (char) => `&#${char.charCodeAt(0)};`).replace(/[^\P{Cc}\t\n\r]/gu, '');

type Target = { readonly bucket: string; readonly key: string; readonly query: URLSearchParams };

/** Not by URL: that would resolve `..`, which is a plain part of a key. */
const targetOf = (request: IncomingMessage): Target => {
  const [path = '/', search = ''] = (request.url ?? '/').split('?');
  const [, bucket = '', ...rest] = path.split('/');
  try {
    return {
      bucket: decodeURIComponent(bucket),
      key: decodeURIComponent(rest.join('/')),
      query: new URLSearchParams(search),
    };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
};

const headersOf = (version: ObjectVersion): Record<string, string> => ({
  'content-type': version.contentType,
  'last-modified': new Date(version.modifiedAt).toUTCString(),
  etag: `"${version.etag}"`,
  'x-amz-version-id': version.versionId,
  'accept-ranges': 'bytes',
});

const rangeOf = (header: string | undefined, size: number): { start: number; end: number } | undefined => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  if (start > end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
};

const orNotFound = (version: ObjectVersion | undefined, { key, query }: Target): ObjectVersion => {
  if (version) return version;
  if (query.has('versionId'))
    throw new AwsError('NoSuchVersion', `The specified version of ${key} does not exist.`, 404);
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
};

const getObject = async (request: IncomingMessage, response: ServerResponse, target: Target, store: ObjectStore) => {
  const version = orNotFound(store.find(target.bucket, target.key, target.query.get('versionId') ?? undefined), target);
  const range = rangeOf(request.headers.range, version.bytes);
  const length = range ? range.end - range.start + 1 : version.bytes;
  const headers = {
    ...headersOf(version),
    'content-length': String(length),
    ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${version.bytes}` } : {}),
  };
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === 'HEAD') response.end();
  else await pipeline(store.read(version, range), response);
};

const listObjects = (response: ServerResponse, { bucket, query }: Target, store: ObjectStore): void => {
  const prefix = query.get('prefix') ?? '';
  const most = Math.min(1000, Number(query.get('max-keys') ?? 1000));
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const all = store.list(bucket, prefix).filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
  const page = all.slice(0, most);
  const last = page.at(-1);
  const contents = page
    .map(
      ({ key, modifiedAt, etag, bytes }) =>
        `<Contents><Key>${xml(key)}</Key><LastModified>${modifiedAt}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${bytes}</Size></Contents>`,
    )
    .join('');
  const more =
    all.length > page.length && last ? `<NextContinuationToken>${xml(last.key)}</NextContinuationToken>` : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${xml(bucket)}</Name><Prefix>${xml(prefix)}</Prefix>` +
      `<KeyCount>${page.length}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${more !== ''}</IsTruncated>${more}${contents}</ListBucketResult>`,
  );
};

type Answer = (request: IncomingMessage, response: ServerResponse, target: Target, store: ObjectStore) => unknown;

const deleteObject: Answer = (_, response, { bucket, key }, store) => {
  store.remove(bucket, key);
  response.writeHead(204).end();
};

/** The operations by method, and the parameters that each of them understands; with any other one it is a different operation. */
const operations: readonly (readonly [method: string, ofKey: boolean, parameters: readonly string[], Answer])[] = [
  [
    'GET',
    false,
    ['list-type', 'prefix', 'max-keys', 'continuation-token', 'start-after', 'x-id'],
    (_, response, target, store) => listObjects(response, target, store),
  ],
  ['GET', true, ['versionId', 'x-id'], getObject],
  ['HEAD', true, ['versionId', 'x-id'], getObject],
  ['PUT', true, ['x-id'], putObject],
  ['DELETE', true, ['x-id'], deleteObject],
];

const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const;

/** `If-None-Match: *` of an upload is the one condition that is known. */
const hasUnknownCondition = ({ method, headers }: IncomingMessage): boolean =>
  conditions.some((name) => {
    const isKnown = method === 'PUT' && name === 'if-none-match' && headers[name] === '*';
    return headers[name] !== undefined && !isKnown;
  });

/** S3's REST protocol, path style, as far as this product uses it. `account` owns every bucket. */
export const handleS3 = async (
  request: IncomingMessage,
  response: ServerResponse,
  { objects, account }: { readonly objects: ObjectStore; readonly account: string },
): Promise<void> => {
  const target = targetOf(request);
  const owner = request.headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== account) throw new AwsError('AccessDenied', 'Access Denied', 403);
  const found = operations.find(
    ([method, ofKey, parameters]) =>
      method === request.method &&
      ofKey === (target.key !== '') &&
      [...target.query.keys()].every((name) => parameters.includes(name)),
  );
  const isOldList = target.key === '' && target.query.get('list-type') !== '2';
  if (!found || isOldList || hasUnknownCondition(request))
    throw new AwsError('NotImplemented', `s3 does not answer ${request.method} ${request.url} here.`, 501);
  const [, , , answer] = found;
  await answer(request, response, target, objects);
};

export const s3ErrorBody = (error: Error): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${xml(error.name)}</Code><Message>${xml(error.message)}</Message></Error>`;
