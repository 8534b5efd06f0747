import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import { isHarmfulPath, linkProblem } from '../../domain/harmful-path';
import { isProtectedPath } from '../../domain/protected-paths';
import { showPath, showPaths } from '../../domain/show-path';
import { checkFileSizes } from './check-file-sizes';
import type { Limits } from './limits';
import { readBlobs } from './read-blobs';
import type { Change, ChangedFile } from './read-change';

type Deps = { readonly git: Git; readonly limits: Limits };

const SYMBOLIC_LINK = '120000';
const SUBMODULE = '160000';
/** PATH_MAX of Linux: a longer target leads nowhere. */
const LONGEST_TARGET = 4096;

const unsafe = (message: string): WorkerError =>
  new WorkerError('UnsafePath', message, 'Nothing was pushed. Such a file has to be added by a person.');

const checkLinks = async (links: readonly ChangedFile[], { sizes }: Change, git: Git): Promise<void> => {
  const problem = (path: string, why: string) => unsafe(`The target of the symbolic link ${showPath(path)} ${why}.`);
  const long = links.find(({ object }) => (sizes.get(object) ?? 0) > LONGEST_TARGET);
  if (long) throw problem(long.path, 'is too long');
  const targets = await readBlobs(
    links.map(({ object }) => object),
    { git },
  );
  for (const { path, object } of links) {
    const why = linkProblem(path, targets.get(object) ?? '');
    if (why) throw problem(path, why);
  }
};

/**
 * That no commit touches a protected path, not even one that a later commit takes back, and none adds what could hurt whoever checks the branch out.
 * @throws ProtectedPathChanged, UnsafePath, ChangeTooLarge naming the files
 */
export const checkPaths = async (change: Change, { git, limits }: Deps): Promise<void> => {
  const named = (files: readonly ChangedFile[]) => showPaths(files.map(({ path }) => path));
  const guarded = change.files.filter(({ path }) => isProtectedPath(path));
  if (guarded.length > 0)
    throw new WorkerError(
      'ProtectedPathChanged',
      `The result changes protected files: ${named(guarded)}.`,
      'Nothing was pushed. Changes of these files have to be made by a person.',
    );
  const harmful = change.files.filter(({ path }) => isHarmfulPath(path));
  if (harmful.length > 0) throw unsafe(`The result holds files that would harm a checkout: ${named(harmful)}.`);
  const added = change.files.filter(({ newMode }) => newMode !== '000000');
  const submodules = added.filter(({ newMode }) => newMode === SUBMODULE);
  if (submodules.length > 0) throw unsafe(`The result adds or moves submodules: ${named(submodules)}.`);
  checkFileSizes(change, limits);
  const links = added.filter(({ newMode }) => newMode === SYMBOLIC_LINK);
  await checkLinks(links, change, git);
};
