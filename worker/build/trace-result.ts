import type { Git } from '../../adapters/git/git';
import type { TaskOutcome } from '../../domain/build-result';
import { findNamingTests, isTestFile } from '../../domain/naming-tests';
import { type NamingTest, type RequirementTrace, traceRequirements } from '../../domain/requirement-trace';
import type { Spec } from './read-spec';
import { type Change, readChanges } from './tree-changes';

type Work = {
  readonly spec: Pick<Spec, 'requirements'>;
  readonly tasks: readonly TaskOutcome[];
  /** By task, also of earlier runs. */
  readonly commitOf: ReadonlyMap<string, string>;
  readonly base: string;
  readonly resultHead: string;
};

type Deps = { readonly git: Git };

const MOST_FILES = 200;
const MOST_BYTES = 512 * 1024;

/** Tests that were changed, not removed, and are files. */
const changedTests = (changes: readonly Change[]): readonly Change[] =>
  changes.filter(({ path, after }) => after?.mode.startsWith('100') && isTestFile(path)).slice(0, MOST_FILES);

/** Objects that are small enough to be looked at. */
const readSmall = async (changes: readonly Change[], { git }: Deps): Promise<readonly Change[]> => {
  const objects = changes.map(({ after }) => after?.object ?? '');
  if (objects.length === 0) return [];
  const answer = await git.run(['cat-file', '--batch-check=%(objectsize)'], { stdin: `${objects.join('\n')}\n` });
  const sizes = answer.split('\n');
  return changes.filter((_, index) => Number(sizes[index]) <= MOST_BYTES);
};

const readNamingTests = async ({ base, resultHead }: Work, deps: Deps): Promise<readonly NamingTest[]> => {
  const { stdout, exitCode } = await deps.git.ask(['merge-base', base, resultHead]);
  const from = exitCode === 0 ? stdout.trim() : base;
  const found: NamingTest[] = [];
  for (const { path, after } of await readSmall(changedTests(await readChanges(from, resultHead, deps)), deps))
    found.push(...findNamingTests(path, await deps.git.run(['cat-file', 'blob', after?.object ?? ''])));
  return found;
};

/** The matrix of the pull request. Only tests that the branch changes count: those of other specs number their requirements alike. */
export const traceResult = async (work: Work, deps: Deps): Promise<RequirementTrace[]> => {
  const { commitOf } = work;
  const byTask = new Map<string, readonly string[]>();
  for (const { id } of work.tasks) {
    const commit = commitOf.get(id);
    if (commit === undefined) continue;
    const changes = await readChanges(`${commit}^`, commit, deps);
    byTask.set(
      id,
      changedTests(changes).map(({ path }) => path),
    );
  }
  return traceRequirements({
    requirements: work.spec.requirements,
    tasks: work.tasks,
    commitOf,
    namingTests: await readNamingTests(work, deps),
    changedTests: byTask,
  });
};
