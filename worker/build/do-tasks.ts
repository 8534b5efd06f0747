import type { BuildResult, TaskOutcome } from '../../domain/build-result';
import { hasCode, WorkerError } from '../../domain/errors';
import { orderSpecTasks } from '../../domain/spec-order';
import type { SpecTask } from '../../domain/spec-tasks';
import { commitTitle } from './commit-task';
import { doTask, type Progress, type TaskDeps, type TaskInput } from './do-task';
import type { SpendingGuard } from './spending';

export type TasksEnd = {
  readonly head: string;
  readonly commits: BuildResult['commits'];
  readonly outcomes: TaskOutcome[];
  readonly protectedPathsChanged: string[];
  /** Why the work stopped before the last task; null when it did not, or when a checkpoint was red. */
  readonly failure: { readonly error: WorkerError; readonly task: string } | null;
};

type Input = Omit<TaskInput, 'start' | 'task' | 'progress'> & { readonly head: string };
type Deps = Omit<TaskDeps, 'noteProtectedPaths'> & {
  readonly spending: Pick<SpendingGuard, 'refusal'>;
};

/** A fault of ours in the form in which a result names it. */
export const asWorkerError = (error: unknown): WorkerError =>
  error instanceof WorkerError
    ? error
    : new WorkerError('UnexpectedFault', error instanceof Error ? error.message : String(error), '', { cause: error });

const outcomeOf = ({ id, title, optional, requirements, done }: SpecTask): TaskOutcome => {
  const state = optional ? 'skipped' : 'open';
  return {
    id,
    title,
    optional,
    state: done ? 'already-done' : state,
    requirements: [...requirements],
    commit: null,
    seconds: 0,
  };
};

/**
 * Every open required task in its order, until one fails or a checkpoint is red. What was committed before is kept. A run that goes on where an earlier one
 * stopped finds the earlier tasks ticked. @throws Interrupted
 */
export const doTasks = async ({ head: start, ...input }: Input, deps: Deps): Promise<TasksEnd> => {
  const outcomes: TaskOutcome[] = [];
  const commits: BuildResult['commits'] = [];
  const protectedPaths = new Set<string>();
  const taskDeps: TaskDeps = {
    ...deps,
    noteProtectedPaths: (paths) => {
      for (const path of paths) protectedPaths.add(path);
    },
  };
  let progress: Progress = { head: start, tasksText: input.spec.tasksText };
  let failure: TasksEnd['failure'] = null;
  let stopped = false;

  for (const task of orderSpecTasks(input.spec.tasks)) {
    const open = outcomeOf(task);
    if (stopped || open.state !== 'open') {
      outcomes.push(open);
      continue;
    }
    const refused = deps.spending.refusal();
    if (refused) {
      failure = { error: refused, task: task.id };
      deps.log(`task ${task.id}: not begun: ${refused.code}: ${refused.message}`);
      outcomes.push(open);
      stopped = true;
      continue;
    }
    const begun = deps.now().getTime();
    const seconds = () => Math.max(0, (deps.now().getTime() - begun) / 1000);
    deps.log(`task ${task.id}: begun (${task.title})`);
    try {
      const end = await doTask({ ...input, start, task, progress }, taskDeps);
      if (end.kind === 'committed') {
        progress = end.progress;
        commits.push({ sha: progress.head, task: task.id, title: commitTitle(task) });
        outcomes.push({ ...open, state: 'done', commit: progress.head, seconds: seconds() });
        continue;
      }
    } catch (error) {
      if (hasCode(error, 'Interrupted')) throw error;
      failure = { error: asWorkerError(error), task: task.id };
      deps.log(`task ${task.id}: ${failure.error.code}: ${failure.error.message}`);
    }
    outcomes.push({ ...open, state: 'failed', seconds: seconds() });
    stopped = true;
  }
  return { head: progress.head, commits, outcomes, failure, protectedPathsChanged: [...protectedPaths].sort() };
};
