import { posix } from 'node:path';
import type { Place } from './coverage-sink';
import { sameModule } from './same-module';

/** A report may write a path as it likes; one repository's files have one name each. */
export type PathMap = {
  /** Paths of reports that fit several files, and so none. */
  readonly ambiguous: ReadonlySet<string>;
  /** For one report: `reportPath` inside the repository, `root`: where the repository lay when it was measured. */
  readonly of: (report: { readonly path: string; readonly root: string }) => NameOf;
};
export type NameOf = (path: string, place: Place) => string;

const MOST_PARTS = 64;
/** More files of one name are not told apart by a suffix in reasonable time. */
const MOST_NAMESAKES = 1_000;
const MOST_AMBIGUOUS = 50;
/** Folders of packages that others wrote: the files below are never those of the repository with the same end. */
const FOREIGN = /(^|\/)(node_modules|site-packages)\//;

const isAbsolute = (path: string): boolean => path.startsWith('/') || /^[A-Za-z]:\//.test(path);

/** With slashes, without `.` and `..`, without the repository's place on the machine that measured. */
const plainPath = (path: string, root: string): string => {
  const slashed = posix.normalize(
    path
      .trim()
      .replace(/\\/g, '/')
      .replace(/^file:\/\/(?=\/)/, ''),
  );
  return root !== '' && slashed.startsWith(`${root}/`) ? slashed.slice(root.length + 1) : slashed;
};

const ancestors = (path: string): readonly string[] => {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); folder !== '.' && folder !== '/'; folder = posix.dirname(folder))
    folders.push(folder);
  return [...folders, ''];
};

/** The path, then without its first part, then without the first two … */
const suffixes = (path: string): readonly string[] => {
  const parts = path.split('/').filter(Boolean).slice(-MOST_PARTS);
  return parts.map((_, index) => parts.slice(index).join('/'));
};

class FileIndex {
  readonly #files: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();

  constructor(files: readonly string[]) {
    this.#files = new Set(files);
    for (const file of files) {
      const name = posix.basename(file);
      const known = this.#byName.get(name);
      if (known) known.push(file);
      else this.#byName.set(name, [file]);
    }
  }

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** The one that is a file. Several may be: coverage.py writes the same name for files of two source folders. */
  among(paths: readonly string[]): string | 'many' | null {
    const [only, another] = new Set(paths.filter((path) => this.#files.has(path)));
    return another === undefined ? (only ?? null) : 'many';
  }

  /** The file that ends with the path; 'many' when several do and neither place nor modules of the report tell which, or too many have the name. */
  #ending(path: string, around: readonly string[], groups: readonly string[]): string | 'many' | null {
    const namesakes = this.#byName.get(posix.basename(path)) ?? [];
    if (namesakes.length > MOST_NAMESAKES) return 'many';
    const files = namesakes.filter((file) => file.endsWith(`/${path}`));
    return files.length === 0 ? null : (sameModule(files, { ending: path, around, groups }) ?? 'many');
  }

  /**
   * The file with the longest suffix in common with `path`, looked for from the folders `around` inside out before anywhere else; 'many' when several are as good. Only the
   * name in common is enough where it leads to exactly one place, and for nothing that lay outside of the repository.
   */
  find(path: string, around: readonly string[], groups: readonly string[]): string | 'many' | null {
    for (const [index, suffix] of suffixes(path).entries()) {
      if (FOREIGN.test(path) && !FOREIGN.test(suffix)) return null;
      const near = around.map((folder) => posix.join(folder, suffix)).find((file) => this.#files.has(file));
      if (near !== undefined) return near;
      if (index > 0 && !suffix.includes('/')) return null;
      const ending = this.#ending(suffix, around, groups);
      if (ending !== null) return ending;
    }
    return null;
  }
}

/** What a relative path is below each of the folders that the report names. */
const below = (path: string, bases: readonly string[], root: string): readonly string[] =>
  isAbsolute(path) ? [] : bases.map((base) => plainPath(`${base.trim()}/${path}`, root));

/** Nobody knows whether two packages mean the same by a relative path. */
const nameOfUnknown = (path: string, inside: readonly string[]): string =>
  isAbsolute(path) ? path : [...inside, path].join(':');

/** Maps what reports call files onto `files`, all paths of the repository. */
export const createPathMap = (files: readonly string[]): PathMap => {
  const index = new FileIndex(files);
  const ambiguous = new Set<string>();
  const note = (path: string): void => {
    if (ambiguous.size < MOST_AMBIGUOUS) ambiguous.add(path);
  };
  return {
    ambiguous,
    of: ({ path: reportPath, root }) => {
      const around = ancestors(reportPath);
      return (given, { bases = [], groups = [] }) => {
        const path = plainPath(given, root);
        const based = below(path, bases, root);
        const wasInside = isAbsolute(given) && path !== plainPath(given, '');
        if (wasInside && index.has(path)) return path;
        if (index.isEmpty) return [...groups, based[0] ?? path].join(':');
        const found = index.among(based) ?? index.find(based[0] ?? path, around, groups);
        if (found === 'many') note(path);
        else if (found !== null) return found;
        return nameOfUnknown(path, [around[0] ?? '', ...groups]);
      };
    },
  };
};
