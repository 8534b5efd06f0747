import type { Git } from '../../adapters/git/git';
import { isHarmfulPath, linkProblem } from '../../domain/harmful-path';
import { isProtectedPath } from '../../domain/protected-paths';
import { type Change, SUBMODULE, SYMLINK } from './tree-changes';

export type Sieved = {
  /** What is committed. */
  readonly accepted: readonly Change[];
  readonly dropped: readonly (Change & { readonly why: string })[];
  readonly protectedPaths: readonly string[];
};

type Deps = { readonly git: Git };

const PROTECTED = 'it is protected';

const linkDanger = async (path: string, object: string, { git }: Deps): Promise<string | null> => {
  const problem = linkProblem(path, await git.run(['cat-file', 'blob', object]));
  return problem && `it is a link whose target ${problem}`;
};

const whyDropped = async ({ path, before, after }: Change, tasksFile: string, deps: Deps): Promise<string | null> => {
  if (path.includes('\uFFFD')) return 'its name is not UTF-8';
  if (isProtectedPath(path)) return PROTECTED;
  if (path === tasksFile) return 'the worker ticks the tasks';
  if (tasksFile.startsWith(`${path}/`)) return 'it stands where the spec is';
  if (before?.mode === SUBMODULE || after?.mode === SUBMODULE) return 'it is a submodule';
  if (after && isHarmfulPath(path)) return 'its name is harmful where it is checked out';
  return after?.mode === SYMLINK ? linkDanger(path, after.object, deps) : null;
};

/** Parts what an agent may have changed from what it may not. `tasksFile` is the path of tasks.md. */
export const sieveChanges = async (changes: readonly Change[], tasksFile: string, deps: Deps): Promise<Sieved> => {
  const accepted: Change[] = [];
  const dropped: (Change & { why: string })[] = [];
  for (const change of changes) {
    const why = await whyDropped(change, tasksFile, deps);
    if (why === null) accepted.push(change);
    else dropped.push({ ...change, why });
  }
  const protectedPaths = dropped.filter(({ why }) => why === PROTECTED).map(({ path }) => path);
  return { accepted, dropped, protectedPaths };
};
