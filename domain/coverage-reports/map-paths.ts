import { posix } from 'node:path';

/** A report may write a path as it likes; one repository's files have one name each. */
export type PathMap = {
  /** Paths of reports that fit several files, and so none. */
  readonly ambiguous: ReadonlySet<string>;
  /** For one report: `reportPath` inside the repository, `root`: where the repository lay when it was measured. */
  readonly of: (report: { readonly path: string; readonly root: string }) => NameOf;
};
export type NameOf = (path: string, bases: readonly string[]) => string;

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

  /** Files that end with the path, or more than one when there are too many to look. */
  ending(path: string): readonly string[] {
    const namesakes = this.#byName.get(posix.basename(path)) ?? [];
    return namesakes.length > MOST_NAMESAKES
      ? namesakes.slice(0, 2)
      : namesakes.filter((file) => file.endsWith(`/${path}`));
  }

  /**
   * The file with the longest suffix in common with `path`, looked for from the folders `around` inside out before anywhere else; 'many' when several are as good. Only the
   * name in common is enough where it leads to exactly one place, and for nothing that lay outside of the repository.
   */
  find(path: string, around: readonly string[]): string | 'many' | null {
    for (const [index, suffix] of suffixes(path).entries()) {
      if (FOREIGN.test(path) && !FOREIGN.test(suffix)) return null;
      const near = around.map((folder) => posix.join(folder, suffix)).find((file) => this.#files.has(file));
      if (near !== undefined) return near;
      if (index > 0 && !suffix.includes('/')) return null;
      const [only, another] = this.ending(suffix);
      if (another !== undefined) return 'many';
      if (only !== undefined) return only;
    }
    return null;
  }
}

/** What a relative path is below each of the folders that the report names. */
const below = (path: string, bases: readonly string[], root: string): readonly string[] =>
  isAbsolute(path) ? [] : bases.map((base) => plainPath(`${base.trim()}/${path}`, root));

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
      return (given, bases) => {
        const path = plainPath(given, root);
        const based = below(path, bases, root);
        const wasInside = isAbsolute(given) && path !== plainPath(given, '');
        if (index.isEmpty || (wasInside && index.has(path))) return based[0] ?? path;
        const found = based.find((file) => index.has(file)) ?? index.find(based[0] ?? path, around);
        if (found !== null && found !== 'many') return found;
        if (found === 'many') note(path);
        // Nobody knows whether two packages mean the same by it.
        return isAbsolute(path) ? path : `${around[0]}:${path}`;
      };
    },
  };
};
