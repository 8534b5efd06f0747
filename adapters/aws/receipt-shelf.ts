import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { hasCode } from '../../domain/errors';
import { parseArtifact } from '../../domain/parse-artifact';
import { type Receipt, receiptSchema } from '../../domain/receipt';
import { s3Artifacts } from './s3-artifacts';
import { translateAwsError } from './translate-aws-error';

/** A receipt, or that it is none: half written, damaged, or of a release that writes other ones. */
export type ShelvedReceipt =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'unreadable'; readonly key: string; readonly problem: string };

export type ReceiptShelf = {
  /** What lies there of the last `days` days, newest first. It is read as it is asked for, some at a time. One that cannot be read hides no other. */
  readonly newestFirst: (days: number) => AsyncGenerator<ShelvedReceipt>;
};

const DAY = 86_400_000;
const AT_ONCE = 20;

const shelved = (text: string | null, key: string): ShelvedReceipt => {
  try {
    return { kind: 'receipt', receipt: parseArtifact(text, key, receiptSchema) };
  } catch (error) {
    if (hasCode(error, 'ResultInvalid', 'ResultMissing'))
      return { kind: 'unreadable', key, problem: (error as Error).message };
    throw error;
  }
};

/** Receipts in the artifacts bucket: a folder per day (UTC), in it one per tick (domain/artifact-keys.ts). */
export const receiptShelf = (
  { bucket }: { readonly bucket: string },
  { client, now }: { readonly client: S3Client; readonly now: () => Date },
): ReceiptShelf => {
  const { readText } = s3Artifacts({ bucket }, { client });
  const keysOf = async (day: string): Promise<readonly string[]> => {
    const keys: string[] = [];
    let from: string | undefined;
    do {
      const list = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: `receipts/${day}/`,
        ...(from ? { ContinuationToken: from } : {}),
      });
      const { Contents = [], NextContinuationToken } = await client.send(list).catch((error: unknown) => {
        throw translateAwsError(error, `list the receipts in s3://${bucket}`);
      });
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
      from = NextContinuationToken;
    } while (from);
    return keys.sort().reverse();
  };
  return {
    newestFirst: async function* (days) {
      for (let back = 0; back < days; back += 1) {
        const day = new Date(now().getTime() - back * DAY).toISOString().slice(0, 10);
        const keys = await keysOf(day);
        for (let start = 0; start < keys.length; start += AT_ONCE) {
          const some = keys.slice(start, start + AT_ONCE);
          const texts = await Promise.all(some.map(async (key) => ({ key, text: await readText(key) })));
          for (const { key, text } of texts) yield shelved(text, key);
        }
      }
    },
  };
};
