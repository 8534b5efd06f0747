import { isDoneMark } from './spec-task-line';
import type { SpecTask, SpecTasks } from './spec-tasks';

/** Tasks directly below `task` that it waits for: the required ones; below an optional task, all. */
const waitsFor = (task: SpecTask, tasks: readonly SpecTask[]): readonly SpecTask[] =>
  tasks.filter(({ parentId, optional }) => parentId === task.id && optional === task.optional);

/** Tasks that are work by themselves, not headings of others. */
const workIn = (tasks: readonly SpecTask[]): readonly SpecTask[] =>
  tasks.filter((task) => waitsFor(task, tasks).length === 0);

/**
 * The tasks to work on, done ones included: by the waves of the dependency graph when there is one, else in the order of the file. What the waves do not name (set-up,
 * checkpoints) comes directly after all that stands before it in the file.
 */
export const orderSpecTasks = ({ tasks, waves }: SpecTasks): readonly SpecTask[] => {
  const work = workIn(tasks);
  const isBelow = (task: SpecTask | undefined, id: string): boolean =>
    task !== undefined && (task.id === id || isBelow(parentOf(task, tasks), id));
  const named = [...new Set(waves.flat().flatMap((id) => work.filter((task) => isBelow(task, id))))];
  let latest = -1;
  const placed = work.map((task) => {
    const place = named.indexOf(task);
    latest = Math.max(latest, place);
    return { task, place: place < 0 ? latest + 0.5 : place };
  });
  return placed.sort((a, b) => a.place - b.place).map(({ task }) => task);
};

/** The task itself, and every task above it that has nothing left to wait for once it is done. */
const closedBy = (task: SpecTask, tasks: readonly SpecTask[]): readonly SpecTask[] => {
  const closed = [task];
  for (let up = parentOf(task, tasks); up; up = parentOf(up, tasks)) {
    if (!waitsFor(up, tasks).every((child) => child.done || closed.includes(child))) break;
    closed.push(up);
  }
  return closed;
};

const parentOf = ({ parentId }: SpecTask, tasks: readonly SpecTask[]): SpecTask | undefined =>
  tasks.find(({ id }) => id === parentId);

/** `text` with the task ticked, and its parents with their last required sub-task. Nothing but marks changes. */
export const tickSpecTask = (text: string, { tasks }: SpecTasks, id: string): string => {
  const task = tasks.find((candidate) => candidate.id === id);
  if (!task) return text;
  return closedBy(task, tasks)
    .flatMap(({ marks }) => marks)
    .filter(({ start, end }) => !isDoneMark(text.slice(start, end)))
    .sort((a, b) => b.start - a.start)
    .reduce((ticked, { start, end }) => `${ticked.slice(0, start)}x${ticked.slice(end)}`, text);
};
