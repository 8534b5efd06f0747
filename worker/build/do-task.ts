import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../../adapters/git/git';
import { countOf } from '../../domain/count-of';
import { hasCode, WorkerError } from '../../domain/errors';
import type { RepositorySettings } from '../../domain/repository-settings';
import { showPath } from '../../domain/show-path';
import { tickSpecTask } from '../../domain/spec-order';
import { parseSpecTasks, type SpecTask } from '../../domain/spec-tasks';
import type { Agent, AgentRun } from './agent/agent';
import { commitTask } from './commit-task';
import { promptFor } from './prompt';
import { restoreProtectedFiles } from './protected-files';
import type { Spec } from './read-spec';
import { runTests } from './run-tests';
import type { Sandbox } from './sandbox';
import { type Sieved, sieveChanges } from './sieve-changes';
import type { TimeBudget } from './time-budget';
import { readChanges } from './tree-changes';
import type { WorkFolder } from './work-folder';
import type { WorkTree } from './work-tree';

/** Where the work stands: the last commit, and tasks.md as it is in it. */
export type Progress = { readonly head: string; readonly tasksText: string };

export type TaskInput = {
  readonly task: SpecTask;
  readonly spec: Spec;
  /** The commit that the build started from. */
  readonly start: string;
  readonly progress: Progress;
  readonly testCommand: string;
  readonly settings: Pick<RepositorySettings, 'agent' | 'test' | 'commit'>;
};

export type TaskDeps = {
  readonly agent: Agent;
  readonly git: Git;
  readonly workTree: WorkTree;
  readonly sandbox: Pick<Sandbox, 'run'>;
  readonly folder: WorkFolder;
  readonly budget: TimeBudget;
  readonly now: () => Date;
  /** Values that must not get into a commit. */
  readonly secrets: readonly string[];
  readonly log: (line: string) => void;
  /** Called before each task, with the commit that the agent starts from. */
  readonly renewAgentRepository: (head: string) => Promise<void>;
  readonly noteProtectedPaths: (paths: readonly string[]) => void;
};

/** `red`: a checkpoint whose tests fail. Nothing broke, but what follows would stand on broken ground. */
export type TaskEnd = { readonly kind: 'committed'; readonly progress: Progress } | { readonly kind: 'red' };

/** With less it could only be cut off. */
const LEAST_AGENT_SECONDS = 5;

const callAgent = async (
  { task, spec, testCommand, settings, progress }: TaskInput,
  deps: TaskDeps,
): Promise<AgentRun> => {
  const wanted = settings.agent.timeoutMinutes * 60;
  const timeoutSeconds = deps.budget.forWork(wanted);
  if (timeoutSeconds < Math.min(wanted, LEAST_AGENT_SECONDS))
    throw new WorkerError(
      'BuildTimedOut',
      `No time was left for task ${task.id}.`,
      'Run the item again: it goes on there. Or give the build more time, or the spec fewer tasks.',
    );
  await deps.renewAgentRepository(progress.head);
  const prompt = promptFor(task, { ...spec, tasksText: progress.tasksText }, testCommand);
  const promptFile = join(deps.folder.prompts, `task-${task.id}.md`);
  await writeFile(promptFile, prompt);
  await chmod(promptFile, 0o644);
  const stallSeconds = settings.agent.stallMinutes * 60;
  const { agent: choices } = settings;
  return deps.agent.work({ task, prompt, promptFile, specPath: spec.path, timeoutSeconds, stallSeconds, choices });
};

const SHOWN_PATHS = 20;

const report = ({ accepted, dropped }: Sieved, { task }: TaskInput, { log }: TaskDeps): void => {
  log(`task ${task.id}: ${countOf(accepted.length, 'file')} changed`);
  for (const { path, why } of dropped.slice(0, SHOWN_PATHS)) log(`task ${task.id}: dropped ${showPath(path)}: ${why}`);
  if (dropped.length > SHOWN_PATHS) log(`task ${task.id}: dropped ${dropped.length - SHOWN_PATHS} more`);
};

/** The agent's word is not taken: something must have changed. @throws AgentDidNothing, AgentToolDenied, what it complained of */
const proveWork = ({ accepted, dropped }: Sieved, { task }: TaskInput, { deniedTools, complaint }: AgentRun): void => {
  if (accepted.length > 0) return;
  if (complaint) throw complaint;
  if (deniedTools.length > 0)
    throw new WorkerError(
      'AgentToolDenied',
      `The agent changed nothing in task ${task.id}: it was not allowed to use ${deniedTools.slice(0, 5).join(', ')}.`,
      'Allow these tools in the custom agent and the hooks on the base branch, or take agent.profile out: without it every tool is allowed.',
    );
  const only = dropped.map(({ path, why }) => `${showPath(path)} (${why})`).slice(0, 5);
  throw new WorkerError(
    'AgentDidNothing',
    only.length > 0
      ? `The agent ended task ${task.id} without an error, but all that it changed had to be dropped: ${only.join(', ')}.`
      : `The agent ended task ${task.id} without an error, but changed nothing.`,
    'See in its log what it did. A task that needs no change must be a checkpoint, or be ticked by a person.',
  );
};

const testsPass = async (
  { task, testCommand, settings }: TaskInput,
  { sandbox, budget, log }: TaskDeps,
): Promise<boolean> => {
  const timeoutSeconds = budget.forWork(settings.test.timeoutMinutes * 60);
  const logName = `tests-checkpoint-${task.id}.log`;
  const run = await runTests({ command: testCommand, timeoutSeconds, logName, title: `tests ${task.id}` }, { sandbox });
  log(`task ${task.id}: the tests ${run.ending === 'passed' ? 'pass' : `do not pass (${run.ending})`}`);
  return run.ending === 'passed';
};

const commit = async (input: TaskInput, { accepted }: Sieved, deps: TaskDeps): Promise<Progress> => {
  const { task, spec, start, progress, settings } = input;
  const { tasksFile } = spec;
  const tasksText = tickSpecTask(progress.tasksText, parseSpecTasks(progress.tasksText), task.id);
  const head = await commitTask(
    { start, head: progress.head, task, changes: accepted, tasksFile, tasksText, author: settings.commit },
    { git: deps.git, privateFolder: deps.folder.private, now: deps.now, secrets: deps.secrets },
  );
  await deps.workTree.restore([tasksFile], head);
  return { head, tasksText };
};

const undoAll = async (before: string, { git, workTree }: TaskDeps): Promise<void> =>
  workTree.undo(await readChanges(before, await workTree.snapshot(), { git }), before);

/**
 * One task: the agent works, what it may not change is taken back, what is left is proof and becomes one commit together with the tick. After a failure the work tree
 * is what it was before. @throws what the agent's end means, AgentDidNothing, AgentToolDenied, ChangeTooLarge, SecretInChange, BuildTimedOut
 */
export const doTask = async (input: TaskInput, deps: TaskDeps): Promise<TaskEnd> => {
  const { git, workTree } = deps;
  await restoreProtectedFiles({ git, workTree });
  const before = await workTree.snapshot();
  try {
    const run = await callAgent(input, deps);
    const changes = await readChanges(before, await workTree.snapshot(), { git });
    const sieved = await sieveChanges(changes, input.spec, { git });
    await workTree.undo(sieved.dropped, before);
    const ignored = await restoreProtectedFiles({ git, workTree });
    deps.noteProtectedPaths([...sieved.protectedPaths, ...ignored]);
    report(sieved, input, deps);
    if (!input.task.isCheckpoint) proveWork(sieved, input, run);
    else if (!(await testsPass(input, deps))) {
      await undoAll(before, deps);
      return { kind: 'red' };
    }
    return { kind: 'committed', progress: await commit(input, sieved, deps) };
  } catch (error) {
    if (!hasCode(error, 'Interrupted')) await undoAll(before, deps);
    throw error;
  }
};
