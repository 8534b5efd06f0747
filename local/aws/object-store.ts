import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { readStateFile, writeFileAtomically } from '../state-folder';
import { AwsError } from './aws-error';

const versionSchema = z.object({
  versionId: z.string(),
  etag: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  modifiedAt: z.string(),
  contentType: z.string(),
});
const keySchema = z.object({ key: z.string(), versions: z.array(versionSchema) });
type StoredKey = z.infer<typeof keySchema>;
export type ObjectVersion = z.infer<typeof versionSchema> & { readonly key: string; readonly path: string };

export type Measured = {
  readonly etag: string;
  readonly sha256: string;
  readonly crc32: string;
  readonly bytes: number;
};

/** What has to hold before an object is stored; else nothing has happened. */
export type PutConditions = {
  /** Throws when the bytes are not those that the sender meant. */
  readonly check?: (measured: Measured) => void;
  readonly onlyIfAbsent?: boolean;
};

/** Versioned objects on disk. A key never becomes a path: its digest does, so nothing can climb out of the folder. */
export type ObjectStore = {
  readonly put: (
    bucket: string,
    key: string,
    body: Readable | Buffer,
    contentType?: string,
    conditions?: PutConditions,
  ) => Promise<ObjectVersion>;
  /** The newest version, or the one that is asked for. */
  readonly find: (bucket: string, key: string, versionId?: string) => ObjectVersion | undefined;
  readonly read: (version: ObjectVersion, range?: { readonly start: number; readonly end: number }) => Readable;
  readonly readText: (bucket: string, key: string) => string | null;
  /** Keys in UTF-8 order. */
  readonly list: (bucket: string, prefix: string) => readonly ObjectVersion[];
  readonly remove: (bucket: string, key: string) => void;
};

export const preconditionFailed = (): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);

const folderOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const createObjectStore = (
  root: string,
  { buckets, now }: { readonly buckets: readonly string[]; readonly now: () => Date },
): ObjectStore => {
  const keys = new Map<string, Map<string, StoredKey>>();
  for (const bucket of buckets) keys.set(bucket, loadBucket(join(root, bucket)));

  const bucketOf = (bucket: string): Map<string, StoredKey> => {
    const found = keys.get(bucket);
    if (!found) throw new AwsError('NoSuchBucket', `The specified bucket ${bucket} does not exist`, 404);
    return found;
  };
  const versionOf = (bucket: string, { key }: StoredKey, version: z.infer<typeof versionSchema>): ObjectVersion => ({
    ...version,
    key,
    path: join(root, bucket, folderOf(key), version.versionId),
  });
  const find: ObjectStore['find'] = (bucket, key, versionId) => {
    const stored = bucketOf(bucket).get(key);
    const version = versionId
      ? stored?.versions.find((candidate) => candidate.versionId === versionId)
      : stored?.versions.at(-1);
    return stored && version ? versionOf(bucket, stored, version) : undefined;
  };

  return {
    put: async (bucket, key, body, contentType = 'application/octet-stream', { check, onlyIfAbsent = false } = {}) => {
      const stored = bucketOf(bucket);
      const folder = join(root, bucket, folderOf(key));
      mkdirSync(folder, { recursive: true });
      const versionId = randomBytes(16).toString('hex');
      const draft = join(folder, `${versionId}.tmp`);
      const measured = await writeMeasured(draft, body);
      try {
        check?.(measured);
        if (onlyIfAbsent && stored.has(key)) throw preconditionFailed();
      } catch (error) {
        rmSync(draft, { force: true });
        throw error;
      }
      renameSync(draft, join(folder, versionId));
      const { crc32: _, ...kept } = measured;
      const version = { ...kept, versionId, modifiedAt: now().toISOString(), contentType };
      const next = { key, versions: [...(stored.get(key)?.versions ?? []), version] };
      writeFileAtomically(join(folder, 'key.json'), JSON.stringify(next)); // last: an object without it was never put
      stored.set(key, next);
      return versionOf(bucket, next, version);
    },
    find,
    read: ({ path }, range) => createReadStream(path, range),
    readText: (bucket, key) => {
      const version = find(bucket, key);
      return version ? readFileSync(version.path, 'utf8') : null;
    },
    list: (bucket, prefix) =>
      [...bucketOf(bucket).keys()]
        .filter((key) => key.startsWith(prefix))
        .sort(byBytes)
        .flatMap((key) => find(bucket, key) ?? []),
    remove: (bucket, key) => {
      const stored = bucketOf(bucket).get(key);
      if (!stored) return;
      // Like a delete marker: the key is gone, its pinned versions stay on disk until the state is reset.
      bucketOf(bucket).delete(key);
      renameSync(join(root, bucket, folderOf(key), 'key.json'), join(root, bucket, folderOf(key), 'key.json.deleted'));
    },
  };
};

const loadBucket = (folder: string): Map<string, StoredKey> => {
  mkdirSync(folder, { recursive: true });
  const entries = readdirSync(folder)
    .map((name) => join(folder, name, 'key.json'))
    .filter((path) => existsSync(path))
    .map((path) => readStateFile(path, (text) => keySchema.parse(JSON.parse(text))));
  return new Map(entries.map((entry) => [entry.key, entry]));
};

/** Streams to disk and measures on the way: nothing is held in memory. A body that breaks off leaves nothing behind. */
const writeMeasured = async (path: string, body: Readable | Buffer): Promise<Measured> => {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  const size = { bytes: 0, crc: 0 };
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      md5.update(chunk);
      sha256.update(chunk);
      size.bytes += chunk.length;
      size.crc = crc32(chunk, size.crc);
      done(null, chunk);
    },
  });
  const source = Buffer.isBuffer(body) ? Readable.from([body]) : body;
  const file = await open(path, 'w'); // there before anything can go wrong: a stream would open it after its removal
  try {
    await pipeline(source, meter, file.createWriteStream());
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(size.crc);
  return {
    etag: md5.digest('hex'),
    sha256: sha256.digest('hex'),
    crc32: checksum.toString('base64'),
    bytes: size.bytes,
  };
};
