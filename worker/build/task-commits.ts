import type { Git } from '../../adapters/git/git';
import type { SpecTask } from '../../domain/spec-tasks';
import { commitTitle } from './commit-task';

const MOST_COMMITS = 1_000;

type Task = Pick<SpecTask, 'id' | 'title'>;
type Range = { readonly base: string; readonly resultHead: string; readonly tasks: readonly Task[] };
type TaskCommit = { readonly sha: string; readonly id: string; readonly subject: string };

const isOf = ({ id, subject }: TaskCommit, { title }: Task): boolean => subject === commitTitle({ id, title });

/**
 * The last commit of each task between base and result, by trailer: earlier runs have left some, too. Where a person has counted the tasks anew since then, the title of the commit says whose
 * it is; a title that no task has any more was mended, and the number still holds.
 */
export const readTaskCommits = async (
  { base, resultHead, tasks }: Range,
  { git }: { readonly git: Git },
): Promise<ReadonlyMap<string, string>> => {
  const format = '--format=%H%x09%(trailers:key=Kiro-Task,valueonly,separator=%x2C)%x09%s';
  const log = await git.run(['log', `--max-count=${MOST_COMMITS}`, '--reverse', format, `${base}..${resultHead}`]);
  const commits = log.split('\n').flatMap((line): readonly TaskCommit[] => {
    const [sha = '', id = '', ...subject] = line.split('\t');
    return id.trim() === '' ? [] : [{ sha, id: id.trim(), subject: subject.join('\t') }];
  });
  const commitOf = (task: Task): string | undefined => {
    const own = commits.filter(({ id }) => id === task.id);
    const isFree = (commit: TaskCommit) => !tasks.some((other) => other.id !== task.id && isOf(commit, other));
    const moved = commits.filter(
      (commit) =>
        commit.id !== task.id &&
        isOf(commit, task) &&
        !tasks.some((other) => other.id === commit.id && isOf(commit, other)),
    );
    const last = own.findLast((commit) => isOf(commit, task)) ?? moved.at(-1) ?? own.findLast(isFree);
    return last?.sha;
  };
  return new Map(
    tasks.flatMap((task) => {
      const sha = commitOf(task);
      return sha === undefined ? [] : [[task.id, sha] as const];
    }),
  );
};
