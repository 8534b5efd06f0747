import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { decodeAwsChunked } from './aws-chunked';
import { AwsError } from './aws-error';
import { type Measured, type ObjectStore, preconditionFailed } from './object-store';

type Headers = Readonly<Record<string, string | undefined>>;

const digestFault = (what: string): AwsError =>
  new AwsError('BadDigest', `The ${what} you specified did not match the calculated checksum.`);

/** Whatever the sender says of the bytes has to be true: length, payload hash, checksums in headers and in trailers. */
const checkBody = ({ bytes, sha256, crc32 }: Measured, headers: Headers): void => {
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== bytes)
    throw new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length.');
  const signed = headers['x-amz-content-sha256'] ?? '';
  if (/^[0-9a-f]{64}$/.test(signed) && signed !== sha256)
    throw new AwsError('XAmzContentSHA256Mismatch', 'The body is not what was signed.');
  const declared = headers['x-amz-checksum-sha256'];
  if (declared !== undefined && Buffer.from(declared, 'base64').toString('hex') !== sha256) throw digestFault('SHA256');
  const crc = headers['x-amz-checksum-crc32'];
  if (crc !== undefined && crc !== crc32) throw digestFault('CRC32');
};

/** PutObject: streamed to disk, and stored only if everything that was said about it holds. */
export const putObject = async (
  request: IncomingMessage,
  response: ServerResponse,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  store: ObjectStore,
): Promise<void> => {
  const { headers } = request;
  if (headers['x-amz-copy-source'] !== undefined)
    throw new AwsError('NotImplemented', 's3 does not answer CopyObject here.', 501);
  const onlyIfAbsent = headers['if-none-match'] === '*';
  if (onlyIfAbsent && store.find(bucket, key)) throw preconditionFailed();
  let trailers: Headers = {};
  const isChunked = String(headers['content-encoding'] ?? '').includes('aws-chunked');
  const takeTrailers = (found: Headers): void => {
    trailers = found;
  };
  const body = isChunked ? Readable.from(decodeAwsChunked(request, takeTrailers)) : request;
  const version = await store.put(bucket, key, body, headers['content-type'], {
    onlyIfAbsent,
    check: (measured) => checkBody(measured, { ...(headers as Headers), ...trailers }),
  });
  response.writeHead(200, { etag: `"${version.etag}"`, 'x-amz-version-id': version.versionId });
  response.end();
};
