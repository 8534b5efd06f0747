import type { Git } from '../../adapters/git/git';
import { isProtectedPath } from '../../domain/protected-paths';
import { readChanges } from './tree-changes';
import { GUARD } from './unpack';
import type { WorkTree } from './work-tree';

type Deps = { readonly git: Git; readonly workTree: WorkTree };

/**
 * Makes the protected files in the work tree those of the base branch and of the steering package: what the feature branch, a package's script or an agent has put there, ignored files too, is
 * neither read by an agent nor obeyed by a tool. What is committed is not touched by it. Returns the paths that were put right.
 */
export const restoreProtectedFiles = async ({ git, workTree }: Deps): Promise<readonly string[]> => {
  const changes = (await readChanges(GUARD, await workTree.snapshot(), { git })).filter(({ path }) =>
    isProtectedPath(path),
  );
  const known = new Set(changes.map(({ path }) => path));
  // Of ignored files only those at the root: package managers bring their own .gitattributes into the folders that they fill, and nobody obeys those.
  const ignored = await workTree.listUnknown(isProtectedPath);
  const unknown = ignored.filter((path) => !known.has(path) && isProtectedPath(path));
  await workTree.undo(changes, GUARD);
  await workTree.remove(unknown);
  return [...known, ...unknown];
};
