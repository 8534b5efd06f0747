import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error';

/** Who may call: access key id to the rest of the key and the role whose key it is. */
export type Credentials = ReadonlyMap<
  string,
  { readonly secretAccessKey: string; readonly sessionToken: string; readonly role: string }
>;

export type Caller = {
  readonly role: string;
  /** The service that the request was signed for, e.g. `s3`. */
  readonly service: string;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** RFC 3986, as SigV4 wants it: encodeURIComponent leaves five characters alone that have to be encoded. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const decodeSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const canonicalQuery = (search: string): string =>
  search
    .replace(/^\?/, '')
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [encode(decodeSafely(name)), encode(decodeSafely(value.join('=')))] as const;
    })
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

type Signed = {
  readonly keyId: string;
  readonly scope: readonly string[];
  readonly signedHeaders: string;
  readonly signature: string;
};

const parseAuthorization = (header: string): Signed => {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  const [, keyId, date, region, service, signedHeaders, signature] = match ?? [];
  if (!keyId || !date || !region || !service || !signedHeaders || !signature)
    throw new AwsError('IncompleteSignature', 'The Authorization header is not a SigV4 signature.', 403);
  return { keyId, scope: [date, region, service, 'aws4_request'], signedHeaders, signature };
};

/** S3 signs the path once encoded as it is sent, every other service encodes it again. */
const canonicalPath = (path: string, service: string): string =>
  service === 's3' ? path : path.split('/').map(encode).join('/');

/**
 * Checks AWS Signature Version 4 (IAM user guide, "Create a signed AWS API request") and returns the caller. `body` is hashed
 * unless the request declares its payload hash itself, as S3 uploads do.
 */
export const verifySignature = (request: IncomingMessage, body: Buffer | null, credentials: Credentials): Caller => {
  const { authorization } = request.headers;
  if (!authorization)
    throw new AwsError(
      'MissingAuthenticationToken',
      'The request is not signed. Use the credentials of this run.',
      403,
    );
  const { keyId, scope, signedHeaders, signature } = parseAuthorization(authorization);
  const known = credentials.get(keyId);
  if (!known) throw new AwsError('UnrecognizedClientException', `The access key ${keyId} is not of this run.`, 403);
  if (request.headers['x-amz-security-token'] !== known.sessionToken)
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  const [date = '', region = '', service = ''] = scope;
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [rawPath = '/'] = (request.url ?? '/').split('?');
  const headers = signedHeaders
    .split(';')
    .map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}\n`,
    )
    .join('');
  const declared = request.headers['x-amz-content-sha256'];
  const payload = typeof declared === 'string' ? declared : sha256(body ?? '');
  if (body && /^[0-9a-f]{64}$/.test(payload) && sha256(body) !== payload)
    throw new AwsError('XAmzContentSHA256Mismatch', 'The body is not what was signed.', 400);
  const canonical = [
    request.method,
    canonicalPath(rawPath, service),
    canonicalQuery(url.search),
    headers,
    signedHeaders,
    payload,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope.join('/'), sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${known.secretAccessKey}`, date), region), service), 'aws4_request');
  const expected = hmac(key, toSign);
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex')))
    throw new AwsError('SignatureDoesNotMatch', 'The signature does not match what was sent.', 403);
  return { role: known.role, service };
};
