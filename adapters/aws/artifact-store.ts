import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { StoredObject } from '../../domain/build-result';
import { WorkerError } from '../../domain/errors';
import { type RetryDeps, retryTransient } from '../../domain/retry-transient';
import { translateAwsError } from './translate-aws-error';

export type ObjectAddress = { readonly key: string; readonly versionId?: string };
export type Digest = { readonly sha256: string; readonly bytes: number };

/** Files and texts in the artifacts bucket, as the builds need them. Files are streamed; transient faults are tried again. */
export type ArtifactStore = {
  /** Writes the object to `toPath` and measures what arrived. Comparing it with a pinned digest is the caller's. @throws ResultMissing, ChangeTooLarge (before it is read) */
  readonly download: (object: ObjectAddress & { readonly mostBytes?: number }, toPath: string) => Promise<Digest>;
  /** S3 refuses bytes that are not those that were measured here. One PutObject: at most 5 GB. */
  readonly upload: (key: string, fromPath: string, contentType?: string) => Promise<StoredObject>;
  /** Null when the object, or that version of it, is not there. */
  readonly readText: (key: string, versionId?: string) => Promise<string | null>;
  readonly writeText: (key: string, text: string) => Promise<{ readonly versionId: string }>;
};

/** `accountId`: the account that must own the bucket; null when it is not known. */
type Bucket = { readonly bucket: string; readonly accountId: string | null };
type Deps = RetryDeps & { readonly client: Pick<S3Client, 'send'> };

/** A bucket without versioning gives no id; S3 calls that version "null". */
const NO_VERSION = 'null';

const isAbsent = (error: unknown): boolean =>
  ['NoSuchKey', 'NoSuchVersion', 'NotFound'].includes((error as Error).name);

const asOurs = (error: unknown, what: string): WorkerError =>
  (error as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new WorkerError('DiskFull', `The disk is full: could not ${what}.`, 'Free some space.', { cause: error })
    : translateAwsError(error, what);

/** Passes bytes on and measures them on the way: nothing is held in memory. */
const meter = () => {
  const hash = createHash('sha256');
  const size = { bytes: 0 };
  const through = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      size.bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, digest: (): Digest => ({ sha256: hash.digest('hex'), bytes: size.bytes }) };
};

const measureFile = async (path: string): Promise<Digest> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { sha256: hash.digest('hex'), bytes: (await stat(path)).size };
};

export const createArtifactStore = ({ bucket, accountId }: Bucket, deps: Deps): ArtifactStore => {
  const { client } = deps;
  const owner = accountId ? { ExpectedBucketOwner: accountId } : {};
  const place = ({ key, versionId }: ObjectAddress) => ({
    Bucket: bucket,
    Key: key,
    ...(versionId ? { VersionId: versionId } : {}),
    ...owner,
  });
  const trying = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    retryTransient(
      () =>
        work().catch((error: unknown) => {
          throw asOurs(error, what);
        }),
      deps,
    );
  const orMissing = (error: unknown, { key, versionId }: ObjectAddress): never => {
    if (!isAbsent(error)) throw error;
    const which = versionId ? ` in version ${versionId}` : '';
    throw new WorkerError('ResultMissing', `s3://${bucket}/${key} is not there${which}.`, 'Run the item again.');
  };
  const put = async (key: string, body: Readable | string, extra: object): Promise<string> => {
    const { VersionId } = await client.send(new PutObjectCommand({ ...place({ key }), Body: body, ...extra }));
    return VersionId ?? NO_VERSION;
  };

  return {
    download: (object, toPath) =>
      trying(`read s3://${bucket}/${object.key}`, async () => {
        const { Body, ContentLength = 0 } = await client
          .send(new GetObjectCommand(place(object)))
          .catch((error: unknown) => orMissing(error, object));
        const { mostBytes = Number.POSITIVE_INFINITY } = object;
        if (ContentLength > mostBytes) {
          if (Body instanceof Readable) Body.destroy();
          throw new WorkerError(
            'ChangeTooLarge',
            `s3://${bucket}/${object.key} has ${ContentLength} bytes; at most ${mostBytes} are read.`,
          );
        }
        const { through, digest } = meter();
        try {
          await pipeline(Body instanceof Readable ? Body : Readable.from([]), through, createWriteStream(toPath));
        } catch (error) {
          await rm(toPath, { force: true });
          throw error;
        }
        return digest();
      }),
    upload: async (key, fromPath, contentType = 'application/octet-stream') => {
      const { sha256, bytes } = await measureFile(fromPath);
      const extra = {
        ContentType: contentType,
        ContentLength: bytes,
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      };
      const versionId = await trying(`write s3://${bucket}/${key}`, () => put(key, createReadStream(fromPath), extra));
      return { key, versionId, sha256, bytes };
    },
    readText: (key, versionId) =>
      trying(`read s3://${bucket}/${key}`, async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand(place({ key, ...(versionId ? { versionId } : {}) })));
          return (await Body?.transformToString('utf8')) ?? '';
        } catch (error) {
          if (isAbsent(error)) return null;
          throw error;
        }
      }),
    writeText: (key, text) =>
      trying(`write s3://${bucket}/${key}`, async () => ({
        versionId: await put(key, text, { ContentType: contentTypeOf(key) }),
      })),
  };
};

const contentTypeOf = (key: string): string =>
  key.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8';
