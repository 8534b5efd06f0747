import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import { isHarmfulPath, linkProblem } from '../../domain/harmful-path';
import { isProtectedPath } from '../../domain/protected-paths';
import { usualLimits } from '../git/limits';
import { readBlobs } from '../git/read-blobs';
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

/** What every link that is there now leads to. More of them than may be pushed are not looked into. @throws ChangeTooLarge */
const readTargets = async (changes: readonly Change[], deps: Deps): Promise<ReadonlyMap<string, string>> => {
  const links = changes.flatMap(({ after }) => (after?.mode === SYMLINK ? [after.object] : []));
  if (links.length <= usualLimits.files) return readBlobs(links, deps);
  throw new WorkerError(
    'ChangeTooLarge',
    `The task leaves ${links.length} symbolic links; at most ${usualLimits.files} files are pushed.`,
    'Keep generated files out of the repository.',
  );
};

const linkDanger = (path: string, target: string): string | null => {
  const problem = linkProblem(path, target);
  return problem && `it is a link whose target ${problem}`;
};

/** What the work is measured by, and what a later run of the item needs to start at all. */
const REQUIREMENTS = ['requirements.md', 'bugfix.md'];

const whyDropped = (
  { path, before, after }: Change,
  spec: SpecPlace,
  targets: ReadonlyMap<string, string>,
): string | null => {
  if (path.includes('\uFFFD')) return 'its name is not UTF-8';
  if (isProtectedPath(path)) return PROTECTED;
  if (path === spec.tasksFile) return 'the worker ticks the tasks';
  if (REQUIREMENTS.some((name) => path === `${spec.path}/${name}`)) return 'it says what is to be reached';
  if (spec.tasksFile.startsWith(`${path}/`)) return 'it stands where the spec is';
  if (before?.mode === SUBMODULE || after?.mode === SUBMODULE) return 'it is a submodule';
  if (after && isHarmfulPath(path)) return 'its name is harmful where it is checked out';
  return after?.mode === SYMLINK ? linkDanger(path, targets.get(after.object) ?? '') : null;
};

/** Parts what an agent may have changed from what it may not. @throws ChangeTooLarge */
export const sieveChanges = async (changes: readonly Change[], spec: SpecPlace, deps: Deps): Promise<Sieved> => {
  const targets = await readTargets(changes, deps);
  const accepted: Change[] = [];
  const dropped: (Change & { why: string })[] = [];
  for (const change of changes) {
    const why = whyDropped(change, spec, targets);
    if (why === null) accepted.push(change);
    else dropped.push({ ...change, why });
  }
  const protectedPaths = dropped.filter(({ why }) => why === PROTECTED).map(({ path }) => path);
  return { accepted, dropped, protectedPaths };
};
