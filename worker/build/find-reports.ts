import { type Dirent, readdirSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { folderMatcher, folderOfPattern, isPattern, patternMatcher } from '../../domain/report-pattern';

/** A file in the work tree: its path there, and where it really lies, which is in the work tree too. */
export type FoundFile = { readonly path: string; readonly real: string };

/** `beyond`: why not all that is there was looked at; null: it was. */
export type Found = { readonly files: readonly FoundFile[]; readonly beyond: string | null };

/** What a walk looks at: a tree may be made to have no end. */
const MOST_ENTRIES = 500_000;
const MOST_DEPTH = 40;
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
const walk = (tree: string, pattern: string, most: number): { paths: readonly string[]; beyond: string | null } => {
  const matches = patternMatcher(pattern);
  const leadsOn = folderMatcher(pattern);
  const paths: string[] = [];
  let looked = 0;
  let beyond: string | null = null;
  const seeFile = (path: string): void => {
    if (!matches(path)) return;
    if (paths.length < most) paths.push(path);
    else beyond = `more than ${most} files`;
  };
  const seeFolder = (path: string, name: string, depth: number): void => {
    const isPassed = PASSED_BY.has(name) && !pattern.includes(name);
    if (isPassed || !leadsOn(path)) return;
    if (depth < MOST_DEPTH) enter(path, depth + 1);
    else beyond = `folders more than ${MOST_DEPTH} deep`;
  };
  const enter = (folder: string, depth: number): void => {
    for (const entry of entriesOf(join(tree, folder))) {
      looked += 1;
      if (looked > MOST_ENTRIES) beyond = `a place among more than ${MOST_ENTRIES} files`;
      if (beyond !== null) return;
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) seeFolder(path, entry.name, depth);
      else seeFile(path);
    }
  };
  enter(folderOfPattern(pattern), 0);
  return { paths: paths.sort(), beyond };
};

/** The files that a path or pattern of kiro-worker.yml means, at most `most`. */
export const findReports = async (tree: string, pattern: string, most: number): Promise<Found> => {
  const root = folderOfPattern(pattern);
  const isThere = !isPattern(pattern) || root === '' || (await isInside(tree, root));
  const walked = isPattern(pattern) && isThere ? walk(tree, pattern, most) : { paths: [], beyond: null };
  const { paths, beyond } = isPattern(pattern) ? walked : { paths: [pattern], beyond: null };
  const files = await Promise.all(paths.map((path) => findInside(tree, path)));
  return { files: files.filter((file) => file !== null), beyond };
};

const isInside = async (tree: string, folder: string): Promise<boolean> => {
  try {
    const [root, real] = await Promise.all([realpath(tree), realpath(join(tree, folder))]);
    return real.startsWith(root + sep);
  } catch {
    return false;
  }
};
