import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git } from '../../adapters/git/git';
import type { CoverageEvidence, StoredReport } from '../../domain/build-result';
import type { RepositorySettings } from '../../domain/repository-settings';
import { findReports } from './find-reports';
import { redactStream } from './redact-stream';
import { WORK } from './unpack';
import type { WorkFolder } from './work-folder';

/** A moment in the clock of the file system, which need not be ours. */
export type Moment = { readonly milliseconds: number };

/** All reports of one run: a gigabyte of LCOV and more; a sparse file of any size takes a program a moment to make, and us the whole disk to copy. */
const MOST_BYTES = 2 * 1024 ** 3;

/** Reports of coverage that one pattern may mean: each is stored, and read by the gate. */
const MOST_REPORTS = 500;
/** Files of either kind that are looked for. */
export const MOST_FOUND = 20_000;
/** Paths of one command line: the system bounds them by their bytes (2 MiB on Linux). */
const PATHS_AT_ONCE = 500;

/** Where reports of coverage are looked for, the first one that is there first. */
export type CoveragePlaces = RepositorySettings['coverage']['reports'];

/**
 * Takes reports of earlier runs away, so that none can be taken for one of the run to come. One that is committed stays where it is (removing it would be a change) and is
 * made as old as can be. Returns the moment before the run.
 */
export const clearReports = async (
  { folder, patterns }: { readonly folder: WorkFolder; readonly patterns: readonly string[] },
  { git }: { readonly git: Git },
): Promise<Moment> => {
  const found = await Promise.all(patterns.map((pattern) => findReports(folder.tree, pattern, MOST_FOUND)));
  const files = found.flatMap((each) => each.files);
  const paths = [...new Set(files.map(({ path }) => path))];
  const committed = new Set<string>();
  for (let first = 0; first < paths.length; first += PATHS_AT_ONCE) {
    const piece = paths.slice(first, first + PATHS_AT_ONCE);
    const tracked = await git.run(['ls-tree', '-r', '-z', '--name-only', WORK, '--', ...piece]);
    for (const path of tracked.split('\0')) committed.add(path);
  }
  for (const { path, real } of files)
    if (committed.has(path)) await utimes(real, 0, 0);
    else await rm(real, { force: true });
  const marker = join(folder.private, 'moment');
  await writeFile(marker, '');
  return { milliseconds: (await lstat(marker)).mtimeMs };
};

const copy = async (from: FileHandle, to: string, secrets: readonly string[]): Promise<void> => {
  const target = await open(to, 'w', 0o600);
  const source = from.createReadStream({ autoClose: false });
  await pipeline(source, redactStream(secrets), target.createWriteStream());
};

export type Taking = {
  readonly since: Moment;
  /** Bytes that may still be copied: all reports of one run share them. */
  readonly room: { left: number };
  /** Values that are taken out of the copy: the names of files in it can be anything. */
  readonly secrets: readonly string[];
};

export const roomForReports = (): Taking['room'] => ({ left: MOST_BYTES });

/** What became of one report: `taken`, or why it was not, with its size. */
export type TakenFile = { readonly kind: 'taken' | 'stale' | 'too-large'; readonly bytes: number };

/** Copies the file to where only we can change it, if it was written since `since` and there is room. Call it when nothing of the build user's runs any more. */
export const takeReport = async (real: string, to: string, { since, room, secrets }: Taking): Promise<TakenFile> => {
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { mtimeMs, size: bytes } = await file.stat();
    if (mtimeMs < since.milliseconds) return { kind: 'stale', bytes };
    if (bytes > room.left) return { kind: 'too-large', bytes };
    room.left -= bytes;
    await copy(file, to, secrets);
    return { kind: 'taken', bytes };
  } finally {
    await file.close();
  }
};

/** A report of this run: where it lies in the repository, and our copy. */
export type TakenReport = { readonly path: string; readonly file: string };

type Unusable = Extract<CoverageEvidence, { kind: 'stale' | 'too-large' | 'too-many' }>;
/** `problem`: the first file that was there and could not be taken. */
type Taken = { readonly reports: readonly TakenReport[]; readonly problem: Unusable | null };
type Take = Taking & { readonly tree: string; readonly nextCopy: () => string };

const takeAll = async (pattern: string, take: Take): Promise<Taken> => {
  const { files, beyond } = await findReports(take.tree, pattern, MOST_REPORTS);
  if (beyond !== null) return { reports: [], problem: { kind: 'too-many', path: pattern, what: beyond } };
  const reports: TakenReport[] = [];
  let problem: Unusable | null = null;
  for (const { path, real } of files) {
    const file = take.nextCopy();
    const { kind, bytes } = await takeReport(real, file, take);
    if (kind === 'taken') reports.push({ path, file });
    else if (kind === 'too-large') return { reports: [], problem: { kind, path, bytes } };
    else problem ??= { kind, path };
  }
  return { reports, problem };
};

/** One entry of the list: a path or pattern, or several that only together say it all: then each must have been written. */
const takeEntry = async (entry: CoveragePlaces[number], take: Take): Promise<Taken> => {
  const patterns = typeof entry === 'string' ? [entry] : entry;
  const reports: TakenReport[] = [];
  for (const pattern of patterns) {
    const taken = await takeAll(pattern, take);
    if (taken.reports.length === 0) return taken;
    reports.push(...taken.reports);
  }
  return { reports, problem: null };
};

const hasLines = async (file: string): Promise<boolean> => {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    // Istanbul's summary begins with its total, and is the one format without lines.
    return !/^\s*\{\s*"total"\s*:/.test(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
};

type TakenCoverage = {
  /** None: no entry was written. */
  readonly first: readonly TakenReport[];
  readonly alternatives: readonly (readonly TakenReport[])[];
  readonly problem: Unusable | null;
};

/** The first entry of the list of which the run wrote a report; and, where that one has only sums, the next one that has lines. */
const takeCoverage = async (places: CoveragePlaces, take: Take): Promise<TakenCoverage> => {
  let problem: Unusable | null = null;
  let first: readonly TakenReport[] = [];
  for (const entry of places) {
    const taken = await takeEntry(entry, take);
    problem ??= taken.problem;
    if (first.length === 0 && taken.problem !== null && taken.problem.kind !== 'stale')
      return { first, alternatives: [], problem: taken.problem };
    if (taken.reports.length === 0) continue;
    const lines = await Promise.all(taken.reports.map(({ file }) => hasLines(file)));
    const isWhole = lines.every(Boolean);
    if (first.length > 0 && isWhole) return { first, alternatives: [taken.reports], problem };
    if (first.length === 0) first = taken.reports;
    if (isWhole) break;
  }
  return { first, alternatives: [], problem };
};

type Input = { readonly folder: WorkFolder; readonly places: CoveragePlaces; readonly when: string };
type CollectDeps = Pick<Taking, 'secrets'> & {
  readonly store: Pick<ArtifactStore, 'upload'>;
  readonly keyOf: (fileName: string) => string;
};

/** Evidence, and our copies of the reports by the keys under which they were stored. */
export type Collected = { readonly evidence: CoverageEvidence; readonly copies: ReadonlyMap<string, string> };

const storeAll = async (
  reports: readonly TakenReport[],
  copies: Map<string, string>,
  { store, keyOf }: CollectDeps,
): Promise<StoredReport[]> => {
  const stored: StoredReport[] = [];
  for (const { path, file } of reports) {
    const name = path.split('/').at(-1) ?? path;
    const report = await store.upload(keyOf(copies.size === 0 ? name : `${copies.size}-${name}`), file);
    copies.set(report.key, file);
    stored.push({ path, report });
  }
  return stored;
};

/** Reports that the run wrote, stored as they were found but for `secrets`, empty or not: judging them is the gate's. `commit`: what was measured. */
export const collectCoverage = async (
  { folder, places, when }: Input,
  { since, commit }: { readonly since: Moment; readonly commit: string },
  deps: CollectDeps,
): Promise<Collected> => {
  const copies = new Map<string, string>();
  let count = 0;
  const nextCopy = () => {
    count += 1;
    return join(folder.private, `coverage-${when}-${count}`);
  };
  const taken = await takeCoverage(places, {
    tree: folder.tree,
    since,
    nextCopy,
    room: roomForReports(),
    secrets: deps.secrets,
  });
  const [head, ...parts] = await storeAll(taken.first, copies, deps);
  if (!head) {
    const none: CoverageEvidence = taken.problem ?? { kind: 'absent', looked: places.flat() };
    return { evidence: none, copies };
  }
  const alternatives: StoredReport[][] = [];
  for (const reports of taken.alternatives) alternatives.push(await storeAll(reports, copies, deps));
  return { evidence: { kind: 'found', ...head, commit, root: folder.tree, parts, alternatives }, copies };
};
