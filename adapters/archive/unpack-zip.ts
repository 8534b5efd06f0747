import { createWriteStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeZipEntry, zipFault } from './zip-content';
import { readZipDirectory, type ZipEntry } from './zip-directory';

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
    await writeZipEntry(path, entry, () => createWriteStream(to, { flags: 'wx' }));
    await chmod(to, entry.isExecutable === true || isProgram(entry.name) ? 0o755 : 0o644);
  };
  for (const entry of entries)
    await unpack(entry).catch((error: unknown) => {
      throw zipFault(error, path, entry);
    });
  return entries;
};
