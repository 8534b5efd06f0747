import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git } from '../../adapters/git/git';
import type { CoverageEvidence } from '../../domain/build-result';
import { redactStream } from './redact-stream';
import { WORK } from './unpack';
import type { WorkFolder } from './work-folder';

/** A moment in the clock of the file system, which need not be ours. */
export type Moment = { readonly milliseconds: number };

/** LCOV of some hundred thousand files; a sparse file of any size takes a program a moment to make, and us the whole disk to copy. */
const MOST_BYTES = 256 * 1024 * 1024;

type Place = { readonly folder: WorkFolder; readonly reports: readonly string[] };

/** The real place of `path` if it is a file in the work tree. Links may lead about inside of it, never out of it. */
const findInside = async (tree: string, path: string): Promise<string | null> => {
  try {
    const [root, real] = await Promise.all([realpath(tree), realpath(join(tree, path))]);
    return real.startsWith(root + sep) && (await lstat(real)).isFile() ? real : null;
  } catch {
    return null; // not there, or links in a circle
  }
};

/**
 * Takes reports of earlier runs away, so that none can be taken for one of the run to come. One that is committed stays where it is (removing it would be a change) and is
 * made as old as can be. Returns the moment before the run.
 */
export const clearReports = async ({ folder, reports }: Place, { git }: { readonly git: Git }): Promise<Moment> => {
  const tracked = await git.run(['ls-tree', '-r', '-z', '--name-only', WORK, '--', ...reports]);
  const committed = new Set(tracked.split('\0'));
  for (const path of reports) {
    const real = await findInside(folder.tree, path);
    if (real === null) continue;
    if (committed.has(path)) await utimes(real, 0, 0);
    else await rm(real, { force: true });
  }
  const marker = join(folder.private, 'moment');
  await writeFile(marker, '');
  return { milliseconds: (await lstat(marker)).mtimeMs };
};

const copy = async (from: FileHandle, to: string, secrets: readonly string[]): Promise<void> => {
  const target = await open(to, 'w', 0o600);
  const source = from.createReadStream({ autoClose: false });
  await pipeline(source, redactStream(secrets), target.createWriteStream());
};

type CollectDeps = {
  readonly store: Pick<ArtifactStore, 'upload'>;
  readonly keyOf: (fileName: string) => string;
  /** Values that are taken out of the report: the names of files in it can be anything. */
  readonly secrets: readonly string[];
};

/**
 * The first report of the list that was written since `since`, stored as it was found but for `secrets`, empty or not: judging it is the gate's. Call it when nothing of the build user's
 * runs any more. `commit`: what was measured.
 */
export const collectReport = async (
  { folder, reports }: Place,
  { since, commit }: { readonly since: Moment; readonly commit: string },
  { store, keyOf, secrets }: CollectDeps,
): Promise<CoverageEvidence> => {
  let stale: string | null = null;
  for (const path of reports) {
    const real = await findInside(folder.tree, path);
    if (real === null) continue;
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { mtimeMs, size: bytes } = await file.stat();
      if (mtimeMs < since.milliseconds) stale ??= path;
      else if (bytes > MOST_BYTES) return { kind: 'too-large', path, bytes };
      else {
        const ours = join(folder.private, 'report');
        await copy(file, ours, secrets);
        const report = await store.upload(keyOf(path.split('/').at(-1) ?? path), ours);
        return { kind: 'found', path, report, commit };
      }
    } finally {
      await file.close();
    }
  }
  return stale === null ? { kind: 'absent', looked: [...reports] } : { kind: 'stale', path: stale };
};
