import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** An entry must stay inside the folder: no absolute path, no `..`, no backslash, no NUL. */
const isSafe = (name: string): boolean =>
  name !== '' && !/[\\\0]/.test(name) && !name.startsWith('/') && !name.split('/').includes('..');

/** Unpacks a zip into `folder`. Throws an Error that names the entry when one would leave the folder, or when it is no zip. */
export const unpackZip = (zip: Uint8Array, folder: string): void => {
  const entries = Object.entries(unzipSync(zip));
  const stray = entries.find(([name]) => !isSafe(name));
  if (stray) throw new Error(`the archive holds ${JSON.stringify(stray[0])}, which lies outside of it`);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of entries) {
    const path = join(folder, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, bytes);
  }
};
