import type { Git } from '../../adapters/git/git';
import { foldPath, isSameName } from '../../domain/fold-path';
import { isProtectedPath } from '../../domain/protected-paths';
import { linkProblem } from '../git/check-paths';
import type { Spec } from './read-spec';
import { type Change, SUBMODULE, SYMLINK } from './tree-changes';

export type Sieved = {
  /** What is committed. */
  readonly accepted: readonly Change[];
  readonly dropped: readonly (Change & { readonly why: string })[];
  readonly protectedPaths: readonly string[];
};

type SpecPlace = Pick<Spec, 'path' | 'tasksFile'>;
type Deps = { readonly git: Git };

const PROTECTED = 'it is protected';

/** Names that are `.git` on somebody's file system, and parts that lead elsewhere on Windows: publishing would refuse all work because of one. */
const isHarmful = (path: string): boolean =>
  path.split(/[/\\]/).some((part) => ['', '.', '..'].includes(part)) ||
  foldPath(path).some((part) => isSameName(part, '.git'));

const linkDanger = async (path: string, object: string, { git }: Deps): Promise<string | null> => {
  const problem = linkProblem(path, await git.run(['cat-file', 'blob', object]));
  return problem && `it is a link whose target ${problem}`;
};

/** What the work is measured by, and what a later run of the item needs to start at all. */
const REQUIREMENTS = ['requirements.md', 'bugfix.md'];

const whyDropped = async ({ path, before, after }: Change, spec: SpecPlace, deps: Deps): Promise<string | null> => {
  if (path.includes('\uFFFD')) return 'its name is not UTF-8';
  if (isProtectedPath(path)) return PROTECTED;
  if (path === spec.tasksFile) return 'the worker ticks the tasks';
  if (REQUIREMENTS.some((name) => path === `${spec.path}/${name}`)) return 'it says what is to be reached';
  if (spec.tasksFile.startsWith(`${path}/`)) return 'it stands where the spec is';
  if (before?.mode === SUBMODULE || after?.mode === SUBMODULE) return 'it is a submodule';
  if (after && isHarmful(path)) return 'its name is harmful where it is checked out';
  return after?.mode === SYMLINK ? linkDanger(path, after.object, deps) : null;
};

/** Parts what an agent may have changed from what it may not. */
export const sieveChanges = async (changes: readonly Change[], spec: SpecPlace, deps: Deps): Promise<Sieved> => {
  const accepted: Change[] = [];
  const dropped: (Change & { why: string })[] = [];
  for (const change of changes) {
    const why = await whyDropped(change, spec, deps);
    if (why === null) accepted.push(change);
    else dropped.push({ ...change, why });
  }
  const protectedPaths = dropped.filter(({ why }) => why === PROTECTED).map(({ path }) => path);
  return { accepted, dropped, protectedPaths };
};
