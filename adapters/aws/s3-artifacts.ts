import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { StoredObject } from '../../domain/build-result';
import type { ReportSource } from '../../domain/coverage-reports/report-source';
import { WorkerError } from '../../domain/errors';
import { translateAwsError } from './translate-aws-error';

export type Artifacts = {
  /** The whole text and its version; null when there is none. One of more than 16 MiB is ResultInvalid: nothing that we write is. */
  readonly read: (
    key: string,
    versionId?: string,
  ) => Promise<{ readonly text: string; readonly versionId: string } | null>;
  readonly readText: (key: string, versionId?: string) => Promise<string | null>;
  /** Reading the report to its end throws ArtifactMismatch when the bytes are not those that the build stored. */
  readonly openReport: (report: StoredObject) => Promise<ReportSource | null>;
  readonly writeText: (key: string, text: string) => Promise<{ readonly versionId: string }>;
};

const HEAD_BYTES = 4096;
const MOST_TEXT_BYTES = 16 * 1024 * 1024;

const isAbsent = (error: unknown): boolean =>
  ['NoSuchKey', 'NoSuchVersion', 'NotFound'].includes((error as Error).name);

/** Text and reports in the artifacts bucket, as the tasks need them. */
export const s3Artifacts = (
  { bucket, owner }: { readonly bucket: string; readonly owner?: string | undefined },
  { client }: { readonly client: S3Client },
): Artifacts => {
  const at = (key: string) => `s3://${bucket}/${key}`;
  // A bucket of that name in another account is not ours (decision 6).
  const place = { Bucket: bucket, ...(owner ? { ExpectedBucketOwner: owner } : {}) };
  const target = (key: string, versionId: string | undefined) => ({
    ...place,
    Key: key,
    ...(versionId ? { VersionId: versionId } : {}),
  });
  const orNull = async <T>(key: string, call: Promise<T>): Promise<T | null> => {
    try {
      return await call;
    } catch (error) {
      if (isAbsent(error)) return null;
      throw translateAwsError(error, `read ${at(key)}`);
    }
  };
  const get = (key: string, versionId?: string, range?: string): Promise<GetObjectCommandOutput | null> =>
    orNull(key, client.send(new GetObjectCommand({ ...target(key, versionId), ...(range ? { Range: range } : {}) })));

  const read: Artifacts['read'] = async (key, versionId) => {
    const answer = await get(key, versionId);
    if (!answer) return null;
    if ((answer.ContentLength ?? 0) > MOST_TEXT_BYTES) {
      if (answer.Body instanceof Readable) answer.Body.destroy();
      throw new WorkerError(
        'ResultInvalid',
        `${at(key)} has ${answer.ContentLength} bytes; at most ${MOST_TEXT_BYTES} are read.`,
      );
    }
    return { text: await textOf(answer, at(key)), versionId: answer.VersionId ?? '' };
  };

  return {
    read,
    readText: async (key, versionId) => (await read(key, versionId))?.text ?? null,
    openReport: async ({ key, versionId, sha256 }) => {
      const found = await orNull(key, client.send(new HeadObjectCommand(target(key, versionId))));
      if (!found) return null;
      const bytes = found.ContentLength ?? 0;
      const chunks = async function* (): AsyncGenerator<Uint8Array> {
        const hash = createHash('sha256');
        for await (const chunk of bytesOf(await get(key, versionId), at(key))) {
          hash.update(chunk);
          yield chunk;
        }
        if (hash.digest('hex') === sha256) return;
        throw new WorkerError('ArtifactMismatch', `${at(key)} is not what the build stored: its SHA-256 differs.`);
      };
      const head = async () => {
        const answer = bytes === 0 ? null : await get(key, versionId, `bytes=0-${HEAD_BYTES - 1}`);
        return answer ? textOf(answer, at(key)) : '';
      };
      return { bytes, head, chunks };
    },
    writeText: async (key, text) => {
      try {
        const { VersionId } = await client.send(
          new PutObjectCommand({ ...place, Key: key, Body: text, ContentType: 'application/json' }),
        );
        return { versionId: VersionId ?? 'null' };
      } catch (error) {
        throw translateAwsError(error, `write ${at(key)}`);
      }
    },
  };
};

async function* bytesOf(answer: GetObjectCommandOutput | null, where: string): AsyncGenerator<Uint8Array> {
  if (!(answer?.Body instanceof Readable)) return;
  try {
    for await (const chunk of answer.Body) yield chunk as Buffer;
  } catch (error) {
    throw translateAwsError(error, `read ${where} to its end`);
  }
}

const textOf = async (answer: GetObjectCommandOutput, where: string): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of bytesOf(answer, where)) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
};
