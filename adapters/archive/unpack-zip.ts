import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { WorkerError } from '../../domain/errors';
import { readZipDirectory, type ZipEntry } from './zip-directory';

const LOCAL_HEADER_BYTES = 30;

const damaged = (path: string, { name }: ZipEntry, cause?: unknown): WorkerError =>
  new WorkerError('ValidationError', `The archive ${path} is damaged at ${JSON.stringify(name)}.`, 'Get it anew.', {
    cause,
  });

/** Where the packed bytes of an entry begin: its local header has a length of its own. */
const dataOffset = async (path: string, { offset }: ZipEntry): Promise<number> => {
  const file = await open(path);
  try {
    const header = Buffer.alloc(LOCAL_HEADER_BYTES);
    await file.read(header, 0, LOCAL_HEADER_BYTES, offset);
    return offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
};

/** Passes bytes on, and refuses more of them, or others, than the directory has announced. */
const check = (path: string, entry: ZipEntry) => {
  let bytes = 0;
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      if (bytes > entry.bytes) done(damaged(path, entry));
      else done(null, chunk);
    },
    flush(done) {
      done(bytes === entry.bytes && sum === entry.crc32 ? null : damaged(path, entry));
    },
  });
};

/** Faults of the archive: bytes that cannot be inflated, the same name twice, a file that is a folder, too. */
const FAULTS = /^(?:Z_|EEXIST$|ENOTDIR$|EISDIR$)/;

const asOurs = (error: unknown, path: string, entry: ZipEntry): unknown =>
  FAULTS.test(String((error as NodeJS.ErrnoException).code)) ? damaged(path, entry, error) : error;

const unpackFile = async (path: string, entry: ZipEntry, to: string): Promise<void> => {
  if (entry.compressedBytes === 0) return writeFile(to, '', { flag: 'wx' });
  const start = await dataOffset(path, entry);
  const packed = createReadStream(path, { start, end: start + entry.compressedBytes - 1 });
  const target = createWriteStream(to, { flags: 'wx' });
  if (entry.isDeflated) return pipeline(packed, createInflateRaw(), check(path, entry), target);
  return pipeline(packed, check(path, entry), target);
};

const makeFolder = async (root: string, name: string): Promise<void> => {
  if (name === '.' || name === '') return;
  await makeFolder(root, dirname(name));
  await mkdir(join(root, name), { recursive: true });
  await chmod(join(root, name), 0o755);
};

/**
 * Unpacks a zip into an existing folder, streaming. Files belong to who runs it; everybody may read them and nobody else write them, whatever the umask is. `isProgram` says which may be executed
 * where the zip does not. @throws ValidationError, ENOSPC
 */
export const unpackZip = async (
  path: string,
  folder: string,
  isProgram: (name: string) => boolean,
): Promise<readonly ZipEntry[]> => {
  const entries = await readZipDirectory(path);
  const unpack = async (entry: ZipEntry): Promise<void> => {
    if (entry.isFolder) return makeFolder(folder, entry.name.replace(/\/+$/, ''));
    await makeFolder(folder, dirname(entry.name));
    const to = join(folder, entry.name);
    await unpackFile(path, entry, to);
    await chmod(to, entry.isExecutable === true || isProgram(entry.name) ? 0o755 : 0o644);
  };
  for (const entry of entries)
    await unpack(entry).catch((error: unknown) => {
      throw asOurs(error, path, entry);
    });
  return entries;
};

/** The first bytes of an entry, unpacked. @throws ValidationError */
export const readZipEntryHead = async (path: string, entry: ZipEntry, most: number): Promise<Buffer> => {
  if (entry.compressedBytes === 0) return Buffer.alloc(0);
  const start = await dataOffset(path, entry);
  const packed = createReadStream(path, { start, end: start + entry.compressedBytes - 1 });
  const source = entry.isDeflated ? packed.pipe(createInflateRaw()) : packed;
  try {
    for await (const chunk of source) return (chunk as Buffer).subarray(0, most);
  } catch (error) {
    throw asOurs(error, path, entry);
  } finally {
    packed.destroy();
  }
  return Buffer.alloc(0);
};
