import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ReportSource } from '../../domain/coverage-reports/parse-coverage';
import { WorkerError } from '../../domain/errors';
import { translateAwsError } from './translate-aws-error';

export type PinnedReport = { readonly key: string; readonly versionId: string; readonly sha256: string };

export type Artifacts = {
  readonly readText: (key: string, versionId?: string) => Promise<string | null>;
  /** Checks the bytes against their digest before it hands anything out. */
  readonly openReport: (report: PinnedReport) => Promise<ReportSource | null>;
  readonly writeText: (key: string, text: string) => Promise<{ readonly versionId: string }>;
};

const HEAD_BYTES = 4096;

const isAbsent = (error: unknown): boolean =>
  ['NoSuchKey', 'NoSuchVersion', 'NotFound'].includes((error as Error).name);

/** Text and reports in the artifacts bucket, as the tasks need them. */
export const s3Artifacts = (
  { bucket }: { readonly bucket: string },
  { client }: { readonly client: S3Client },
): Artifacts => {
  const get = async (key: string, versionId?: string, range?: string): Promise<GetObjectCommandOutput | null> => {
    try {
      return await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(versionId ? { VersionId: versionId } : {}),
          ...(range ? { Range: range } : {}),
        }),
      );
    } catch (error) {
      if (isAbsent(error)) return null;
      throw translateAwsError(error, `read s3://${bucket}/${key}`);
    }
  };
  const textOf = async (answer: GetObjectCommandOutput | null): Promise<string | null> =>
    answer ? ((await answer.Body?.transformToString('utf8')) ?? '') : null;

  return {
    readText: async (key, versionId) => textOf(await get(key, versionId)),
    openReport: async ({ key, versionId, sha256 }) => {
      const answer = await get(key, versionId);
      if (!answer) return null;
      const { digest, bytes } = await digestOf(answer);
      if (digest !== sha256)
        throw new WorkerError(
          'ArtifactMismatch',
          `s3://${bucket}/${key} is not what the build stored: its SHA-256 differs.`,
        );
      return {
        bytes,
        head: async () =>
          bytes === 0 ? '' : ((await textOf(await get(key, versionId, `bytes=0-${HEAD_BYTES - 1}`))) ?? ''),
        text: async () => (await textOf(await get(key, versionId))) ?? '',
        lines: async function* () {
          const body = (await get(key, versionId))?.Body;
          if (body instanceof Readable) yield* createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY });
        },
      };
    },
    writeText: async (key, text) => {
      try {
        const { VersionId } = await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' }),
        );
        return { versionId: VersionId ?? 'null' };
      } catch (error) {
        throw translateAwsError(error, `write s3://${bucket}/${key}`);
      }
    },
  };
};

const digestOf = async ({ Body }: GetObjectCommandOutput): Promise<{ digest: string; bytes: number }> => {
  const hash = createHash('sha256');
  let bytes = 0;
  if (Body instanceof Readable)
    for await (const chunk of Body) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  return { digest: hash.digest('hex'), bytes };
};
