import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const filesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile())
    : [];

const isSame = (a, b) => existsSync(b) && readFileSync(a).equals(readFileSync(b));

/**
 * Makes `to` hold what `from` holds, file by file, each by one rename; what is the same already stays untouched, so processes that run from `to` keep
 * running. Files of `to` that `from` does not have are removed if `isOurs` says so.
 */
export const replaceTree = (from, to, isOurs = () => true) => {
  const made = filesIn(from);
  for (const file of made) {
    const target = join(to, file);
    if (isSame(join(from, file), target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(from, file), target);
  }
  const keep = new Set(made);
  for (const file of filesIn(to)) if (!keep.has(file) && isOurs(file)) rmSync(join(to, file), { force: true });
};
