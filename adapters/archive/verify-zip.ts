import { Writable } from 'node:stream';
import { damagedZip, writeZipEntry } from './zip-content';
import type { ZipEntry } from './zip-directory';

/** What common file systems take (NAME_MAX). */
const LONGEST_NAME_BYTES = 255;

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

const partsOf = ({ name }: ZipEntry): readonly string[] =>
  name.split('/').filter((part) => part !== '' && part !== '.');

/** The same name twice, a file in a file, a name that is too long: what could not be laid out as files. */
const checkNames = (path: string, entries: readonly ZipEntry[]): void => {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const entry of entries) {
    const parts = partsOf(entry);
    if (parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME_BYTES)) throw damagedZip(path, entry);
    const name = parts.join('/');
    for (let length = 1; length < parts.length; length += 1) folders.add(parts.slice(0, length).join('/'));
    if (entry.isFolder) folders.add(name);
    else if (files.has(name)) throw damagedZip(path, entry);
    else files.add(name);
  }
  const both = entries.find((entry) => !entry.isFolder && folders.has(partsOf(entry).join('/')));
  if (both) throw damagedZip(path, both);
};

/** Unpacks all of a zip to nowhere: afterwards it is known that it can be unpacked. @throws ValidationError */
export const verifyZip = async (path: string, entries: readonly ZipEntry[]): Promise<void> => {
  checkNames(path, entries);
  for (const entry of entries) if (!entry.isFolder) await writeZipEntry(path, entry, nowhere);
};
