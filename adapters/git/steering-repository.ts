import { join } from 'node:path';
import { type ReadSteeringFile, steeringFileTooLarge } from '../../domain/read-steering';
import { steeringInvalid, steeringLimits } from '../../domain/steering-package';
import { limitFolder } from './folder-limit';
import { type Git, type GitDeps, openGit } from './git';
import { initBareRepository } from './init-repository';

/** Where the fetched commit is to be put. */
export const STEERING_REF = 'refs/steering/package';

/** Larger files than a package may have are not sent at all by servers that can leave them out (GitHub can). */
export const STEERING_FILTER = `blob:limit=${steeringLimits.fileBytes + 1}`;

/** What a repository may have that holds a package, at one commit: it may be one of documents as well. */
const MOST_BYTES = 256 * 1024 * 1024;

type Deps = GitDeps & {
  readonly workFolder: string;
  /** Fetches the one commit into STEERING_REF of the repository. */
  readonly fetch: (gitDir: string, signal: AbortSignal) => Promise<void>;
  readonly mostBytes?: number;
};

/** One file of the fetched commit: a regular one. A link could lead anywhere, a submodule is another repository. */
const readBlob = async (git: Git, place: string, path: string, most: number): Promise<Buffer> => {
  const listed = await git.run(['ls-tree', '-z', STEERING_REF, '--', place]);
  const [, mode, object = ''] = /^(\d{6}) \w+ ([0-9a-f]+)\t/.exec(listed) ?? [];
  if (mode === undefined) throw steeringInvalid(`"${path}" is not in the repository`);
  if (mode !== '100644' && mode !== '100755') throw steeringInvalid(`"${path}" is no regular file`);
  const { exitCode, stdout } = await git.ask(['cat-file', '-s', object]);
  if (exitCode !== 0) throw steeringFileTooLarge(path, `more than ${steeringLimits.fileBytes}`, most);
  if (Number(stdout) > most) throw steeringFileTooLarge(path, Number(stdout), most);
  const chunks: Buffer[] = [];
  await git.run(['cat-file', 'blob', object], { onStdout: (chunk) => chunks.push(chunk) });
  return Buffer.concat(chunks);
};

/** Fetches into a repository without hooks or a work tree, and never more than a package is worth. @throws SteeringInvalid, and what `fetch` throws */
const fetchBounded = async (git: Git, { fetch, signal, mostBytes = MOST_BYTES }: Deps): Promise<void> => {
  const limit = limitFolder(git.gitDir, mostBytes);
  try {
    await fetch(git.gitDir, signal ? AbortSignal.any([signal, limit.signal]) : limit.signal);
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    throw steeringInvalid(`its repository has more than ${mostBytes} bytes; keep packages in one of their own`, error);
  } finally {
    limit.stop();
  }
};

/** The package in `folder` of a commit of another repository: which commit it is, and its files. No file is written under a name that the package chose. */
export const openSteeringRepository = async (
  folder: string,
  deps: Deps,
): Promise<{ readonly commit: string; readonly read: ReadSteeringFile }> => {
  const gitDir = join(deps.workFolder, 'steering.git');
  await initBareRepository(gitDir, deps);
  const git = openGit(gitDir, deps);
  await fetchBounded(git, deps);
  const commit = (await git.run(['rev-parse', `${STEERING_REF}^{commit}`])).trim();
  const inFolder = folder === '' ? '' : `${folder.replace(/\/$/, '')}/`;
  return { commit, read: (path, most) => readBlob(git, `${inFolder}${path}`, path, most) };
};
