import { open } from 'node:fs/promises';
import { WorkerError } from '../../domain/errors';

/** One file or folder of a zip, as its central directory describes it. */
export type ZipEntry = {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isLink: boolean;
  /** Anybody may execute it, as far as the zip says; null when it was made where there is no such thing. */
  readonly isExecutable: boolean | null;
  readonly isDeflated: boolean;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  /** Where its local header begins. */
  readonly offset: number;
};

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LONGEST_COMMENT = 0xffff;
/** A value that stands in the record of zip64. */
const ELSEWHERE = 0xffffffff;
const UNIX = 3;
const FILE_TYPE = 0o170000;
const LINK_TYPE = 0o120000;
const STORED = 0;
const DEFLATED = 8;

/** More than any agent needs: what is larger is a mistake or an attack on the disk. */
const MOST_BYTES = 4 * 1024 ** 3;
const MOST_ENTRIES = 20_000;

const unusable = (path: string, why: string): WorkerError =>
  new WorkerError('ValidationError', `The archive ${path} cannot be used: ${why}.`, 'Give a plain zip file.');

/** It must stay inside the folder that it is unpacked into: no absolute path, no `..`, no backslash, no NUL. */
const isSafe = (name: string): boolean =>
  name !== '' && !/[\\\0]/.test(name) && !name.startsWith('/') && !name.split('/').includes('..');

const parseEntry = (bytes: Buffer, at: number): { readonly entry: ZipEntry; readonly next: number } | null => {
  if (at + ENTRY_BYTES > bytes.length || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) return null;
  const nameLength = bytes.readUInt16LE(at + 28);
  const next = at + ENTRY_BYTES + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  if (next > bytes.length) return null;
  const name = bytes.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
  const isUnix = bytes.readUInt8(at + 5) === UNIX;
  const mode = bytes.readUInt16LE(at + 40);
  const entry = {
    name,
    isFolder: name.endsWith('/'),
    isLink: isUnix && (mode & FILE_TYPE) === LINK_TYPE,
    isExecutable: isUnix ? (mode & 0o001) !== 0 : null,
    isDeflated: bytes.readUInt16LE(at + 10) === DEFLATED,
    compressedBytes: bytes.readUInt32LE(at + 20),
    bytes: bytes.readUInt32LE(at + 24),
    crc32: bytes.readUInt32LE(at + 16),
    offset: bytes.readUInt32LE(at + 42),
  };
  return { entry, next };
};

const problemOf = (entry: ZipEntry, method: number): string | null => {
  const shown = JSON.stringify(entry.name);
  if (!isSafe(entry.name)) return `it holds ${shown}, which lies outside of it`;
  if (entry.isLink) return `it holds the symbolic link ${shown}`;
  if (method !== STORED && method !== DEFLATED) return `${shown} is packed in a way that is not known here`;
  return null;
};

const parseDirectory = (path: string, bytes: Buffer, count: number): readonly ZipEntry[] => {
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    const parsed = parseEntry(bytes, at);
    if (!parsed) throw unusable(path, 'its directory is damaged');
    const problem = problemOf(parsed.entry, bytes.readUInt16LE(at + 10));
    if (problem) throw unusable(path, problem);
    entries.push(parsed.entry);
    at = parsed.next;
  }
  if (entries.reduce((sum, entry) => sum + entry.bytes, 0) > MOST_BYTES)
    throw unusable(path, 'it unpacks to more than 4 GiB');
  return entries;
};

/** Reads what a zip holds, without unpacking it. @throws ValidationError when it is none, or holds what must not be unpacked */
export const readZipDirectory = async (path: string): Promise<readonly ZipEntry[]> => {
  const file = await open(path).catch((error: unknown) => {
    throw new WorkerError('ValidationError', `${path} cannot be read.`, 'Name an existing zip file.', { cause: error });
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw unusable(path, 'it is no file');
    const { size } = facts;
    const tail = Buffer.alloc(Math.min(size, END_BYTES + LONGEST_COMMENT));
    await file.read(tail, 0, tail.length, size - tail.length);
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(END_SIGNATURE);
    const at = tail.lastIndexOf(signature);
    if (at < 0 || at + END_BYTES > tail.length) throw unusable(path, 'it is no zip file');
    const count = tail.readUInt16LE(at + 10);
    const length = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (offset === ELSEWHERE || count > MOST_ENTRIES) throw unusable(path, 'it is too large (zip64)');
    if (offset + length > size) throw unusable(path, 'its directory is damaged');
    const directory = Buffer.alloc(length);
    await file.read(directory, 0, length, offset);
    return parseDirectory(path, directory, count);
  } finally {
    await file.close();
  }
};
