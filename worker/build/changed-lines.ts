import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git } from '../../adapters/git/git';
import type { StoredObject } from '../../domain/build-result';
import type { ChangedLines, LineRange } from '../../domain/changed-lines';
import { changedLinesFile } from '../../domain/changed-lines-file';

type Commits = { readonly base: string; readonly resultHead: string };

/** The longest path that is looked at, as git writes it: PATH_MAX with every byte escaped. */
const LONGEST_HEADER = 4 * 4096 + 64;

/** More is not compared: the gate has a gigabyte, and nobody reviews it. */
const MOST_FILES = 200_000;
const MOST_RANGES = 1_000_000;
const MOST_REPOSITORY_FILES = 1_000_000;

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** A path as git writes it in a patch: as it is, or in quotes like a string of C (git-config(1), core.quotePath). `text` is latin1. */
const unquotePath = (text: string): string => {
  const [, quoted] = /^"(.*)"$/s.exec(text) ?? [];
  if (quoted === undefined) return Buffer.from(text.replace(/\t$/, ''), 'latin1').toString('utf8');
  const plain = quoted.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    String.fromCharCode(code.length === 3 ? Number.parseInt(code, 8) : (ESCAPES[code] ?? 0)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
};

/**
 * Reads `git diff -U0` as it comes and gives the lines of each file that are new in it. Hunks are read by their counts, so no content can pass for a
 * header; of content nothing is kept.
 */
export const readNewLines = () => {
  const files: { path: string; ranges: LineRange[] }[] = [];
  const left = { removed: 0, added: 0 };
  let line = '';
  let [filesSeen, rangesSeen] = [0, 0];

  const take = (): void => {
    if (left.removed > 0 && line.startsWith('-')) left.removed -= 1;
    else if (left.added > 0 && line.startsWith('+')) left.added -= 1;
    else if (left.removed === 0 && left.added === 0) takeHeader();
    line = '';
  };
  const takeHeader = (): void => {
    const [, path] = /^\+\+\+ (.*)$/s.exec(line) ?? [];
    if (path !== undefined && path !== '/dev/null') {
      filesSeen += 1;
      if (filesSeen <= MOST_FILES) files.push({ path: unquotePath(path), ranges: [] });
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) return;
    left.removed = Number(hunk[1] ?? 1);
    left.added = Number(hunk[3] ?? 1);
    const first = Number(hunk[2]);
    if (left.added === 0) return;
    rangesSeen += 1;
    if (rangesSeen <= MOST_RANGES) files.at(-1)?.ranges.push([first, first + left.added - 1]);
  };
  return {
    read: (chunk: Buffer): void => {
      let at = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, at)) {
        keep(chunk, at, end);
        take();
        at = end + 1;
      }
      keep(chunk, at, chunk.length);
    },
    files: () => files,
    /** What there was too much of to be kept; null: all is there. */
    beyond: (): string | null => {
      if (filesSeen > MOST_FILES) return `it changes ${filesSeen} files, and ${MOST_FILES} are compared at most`;
      if (rangesSeen > MOST_RANGES) return `it changes ${rangesSeen} places, and ${MOST_RANGES} are compared at most`;
      return null;
    },
  };

  function keep(chunk: Buffer, from: number, to: number): void {
    const room = LONGEST_HEADER - line.length;
    if (room > 0) line += chunk.toString('latin1', from, Math.min(to, from + room));
  }
};

/** All lines that the result adds to or changes against where it left the base branch, which is what the pull request shows. */
export const readChangedLines = async (
  { base, resultHead }: Commits,
  { git }: { readonly git: Git },
): Promise<ChangedLines> => {
  const from = (await git.run(['merge-base', base, resultHead])).trim();
  const reader = readNewLines();
  // What the repository calls binary or gives to a program of its own is text here: attributes must not hide lines.
  const asText = ['--text', '--no-ext-diff', '--no-textconv', '--no-color', '--no-prefix'];
  await git.run(['diff', '-U0', '--find-renames', ...asText, from, resultHead], { onStdout: reader.read });
  const listing = await git.run(['ls-tree', '-r', '-z', '--name-only', resultHead]);
  const repositoryFiles = listing.split('\0').filter(Boolean);
  const tooMany =
    repositoryFiles.length > MOST_REPOSITORY_FILES
      ? `the repository has ${repositoryFiles.length} files, and ${MOST_REPOSITORY_FILES} are compared at most`
      : null;
  const beyond = tooMany ?? reader.beyond();
  return {
    from,
    to: resultHead,
    beyond,
    files: beyond === null ? reader.files() : [],
    repositoryFiles: tooMany === null ? repositoryFiles : [],
  };
};

type StoreDeps = { readonly store: Pick<ArtifactStore, 'upload'>; readonly privateFolder: string };

/** Stores them so that the gate reads exactly what was read here. */
export const storeChangedLines = async (
  changes: ChangedLines,
  key: string,
  { store, privateFolder }: StoreDeps,
): Promise<StoredObject> => {
  const path = join(privateFolder, 'changed-lines.ndjson');
  await writeFile(path, Readable.from(changedLinesFile(changes)));
  return store.upload(key, path, 'application/x-ndjson');
};
