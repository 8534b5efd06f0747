import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { WorkerError } from '../../domain/errors';
import type { ZipEntry } from './zip-directory';

const LOCAL_HEADER_BYTES = 30;

export const damagedZip = (path: string, { name }: ZipEntry, cause?: unknown): WorkerError =>
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
      if (bytes > entry.bytes) done(damagedZip(path, entry));
      else done(null, chunk);
    },
    flush(done) {
      done(bytes === entry.bytes && sum === entry.crc32 ? null : damagedZip(path, entry));
    },
  });
};

/** Faults of the archive: bytes that cannot be inflated, the same name twice, a file that is a folder, too, a name that no file system takes. */
const FAULTS = /^(?:Z_|EEXIST$|ENOTDIR$|EISDIR$|ENAMETOOLONG$)/;

export const zipFault = (error: unknown, path: string, entry: ZipEntry): unknown =>
  FAULTS.test(String((error as NodeJS.ErrnoException).code)) ? damagedZip(path, entry, error) : error;

/** Writes what an entry holds, unpacked; the target does not finish before every byte was compared with what the directory announces. @throws ValidationError */
export const writeZipEntry = async (path: string, entry: ZipEntry, openTarget: () => Writable): Promise<void> => {
  if (entry.compressedBytes === 0) return pipeline([], check(path, entry), openTarget());
  const start = await dataOffset(path, entry);
  const packed = createReadStream(path, { start, end: start + entry.compressedBytes - 1 });
  const inflate = entry.isDeflated ? [createInflateRaw()] : [];
  await pipeline([packed, ...inflate, check(path, entry), openTarget()]).catch((error: unknown) => {
    throw zipFault(error, path, entry);
  });
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
    throw zipFault(error, path, entry);
  } finally {
    packed.destroy();
  }
  return Buffer.alloc(0);
};
