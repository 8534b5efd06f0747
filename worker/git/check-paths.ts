import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import { isHarmfulPath, linkProblem } from '../../domain/harmful-path';
import { isProtectedPath } from '../../domain/protected-paths';
import { showPath, showPaths } from '../../domain/show-path';
import type { Limits } from './limits';
import type { Change, ChangedFile } from './read-change';

type Deps = { readonly git: Git; readonly limits: Limits };

const SYMBOLIC_LINK = '120000';
const SUBMODULE = '160000';
/** PATH_MAX of Linux: a longer target leads nowhere. */
const LONGEST_TARGET = 4096;

const unsafe = (message: string): WorkerError =>
  new WorkerError('UnsafePath', message, 'Nothing was pushed. Such a file has to be added by a person.');

const checkLink = async ({ path, object }: ChangedFile, { sizes }: Change, git: Git): Promise<void> => {
  const isLong = (sizes.get(object) ?? 0) > LONGEST_TARGET;
  const problem = isLong ? 'is too long' : linkProblem(path, await git.run(['cat-file', 'blob', object]));
  if (problem) throw unsafe(`The target of the symbolic link ${showPath(path)} ${problem}.`);
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
  const large = added.filter(({ object }) => (change.sizes.get(object) ?? 0) > limits.fileBytes);
  if (large.length > 0)
    throw new WorkerError(
      'ChangeTooLarge',
      `The result holds files of more than ${limits.fileBytes} bytes: ${named(large)}.`,
      'Keep generated and binary files out of the repository.',
    );
  const links = added.filter(({ newMode }) => newMode === SYMBOLIC_LINK);
  for (const link of links) await checkLink(link, change, git);
};
