import type { Git } from '../../adapters/git/git';
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
const LONGEST_TARGET = 4096;

/**
 * Whether a link at `path` stays in the repository. `..` may only lead the target: behind a name it could climb out of wherever another link leads.
 */
export const leadsOutside = (path: string, target: string): boolean => {
  if (target === '' || target.length > LONGEST_TARGET || target.startsWith('/') || target.includes('\\')) return true;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const climbs = ups < 0 ? parts.length : ups;
  const names = parts.slice(climbs).map((part) => part.toLowerCase());
  return climbs > path.split('/').length - 1 || names.includes('..') || names.includes('.git');
};

const whyDropped = async (
  { path, before, after }: Change,
  tasksFile: string,
  { git }: Deps,
): Promise<string | null> => {
  if (path.includes('\uFFFD')) return 'its name is not UTF-8';
  if (isProtectedPath(path)) return PROTECTED;
  if (path === tasksFile) return 'the worker ticks the tasks';
  if (tasksFile.startsWith(`${path}/`)) return 'it stands where the spec is';
  if (before?.mode === SUBMODULE || after?.mode === SUBMODULE) return 'it is a submodule';
  if (after?.mode !== SYMLINK) return null;
  const target = await git.run(['cat-file', 'blob', after.object]);
  return leadsOutside(path, target) ? 'it is a link that leads out of the repository' : null;
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
