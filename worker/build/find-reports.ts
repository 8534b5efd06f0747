import { type Dirent, readdirSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { folderOfPattern, isPattern, patternMatcher } from '../../domain/report-pattern';

/** A file in the work tree: its path there, and where it really lies, which is in the work tree too. */
export type FoundFile = { readonly path: string; readonly real: string };

/** What a walk looks at: a tree may be made to have no end. */
const MOST_ENTRIES = 200_000;
const MOST_DEPTH = 40;
const MOST_MATCHES = 500;
/** Folders that no pattern looks into unless it names them: they are large, and nobody's reports lie there. */
const PASSED_BY = new Set(['.git', 'node_modules', '.venv']);

/** The file at `path`, if it is one in the work tree. Links may lead about inside of it, never out of it. */
const findInside = async (tree: string, path: string): Promise<FoundFile | null> => {
  try {
    const [root, real] = await Promise.all([realpath(tree), realpath(join(tree, path))]);
    return real.startsWith(root + sep) && (await lstat(real)).isFile() ? { path, real } : null;
  } catch {
    return null; // not there, or links in a circle
  }
};

const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // not there, or closed to everybody
  }
};

/** Paths below the pattern's folder that it matches, in their order. */
const walk = (tree: string, pattern: string): readonly string[] => {
  const matches = patternMatcher(pattern);
  const found: string[] = [];
  let looked = 0;
  const enter = (folder: string, depth: number): void => {
    for (const entry of entriesOf(join(tree, folder))) {
      looked += 1;
      if (looked > MOST_ENTRIES || found.length >= MOST_MATCHES) return;
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        const isPassed = PASSED_BY.has(entry.name) && !pattern.includes(entry.name);
        if (!isPassed && depth < MOST_DEPTH) enter(path, depth + 1);
      } else if (matches(path)) found.push(path);
    }
  };
  enter(folderOfPattern(pattern), 0);
  return found.sort();
};

/** The files that a path or pattern of kiro-worker.yml means. */
export const findReports = async (tree: string, pattern: string): Promise<readonly FoundFile[]> => {
  const root = folderOfPattern(pattern);
  const isThere = !isPattern(pattern) || root === '' || (await isInside(tree, root));
  const paths = isPattern(pattern) ? (isThere ? walk(tree, pattern) : []) : [pattern];
  const files = await Promise.all(paths.map((path) => findInside(tree, path)));
  return files.filter((file) => file !== null);
};

const isInside = async (tree: string, folder: string): Promise<boolean> => {
  try {
    const [root, real] = await Promise.all([realpath(tree), realpath(join(tree, folder))]);
    return real.startsWith(root + sep);
  } catch {
    return false;
  }
};
