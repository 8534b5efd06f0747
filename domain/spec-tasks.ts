import { WorkerError } from './errors';
import { isCheckpointTitle } from './spec-checkpoint';
import { readTaskLines, type TaskLine } from './spec-task-lines';
import { type NamedLine, nameLines } from './spec-task-tree';

/** One checkbox of tasks.md. */
export type SpecTask = {
  /** As written (`2.1`); for tasks without a number, their place; `2.1-2` for the second task of that number. */
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
  /** Marked with `*`, or below a task that is: left alone, and it blocks nothing. */
  readonly optional: boolean;
  /** Asks for green tests instead of a change, like everything below it. */
  readonly isCheckpoint: boolean;
  readonly parentId: string | null;
  /** What the task names, or else what the task above it names. */
  readonly requirements: readonly string[];
  /** The lines below the task, without their common indentation. */
  readonly details: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where the text between the brackets starts and ends, as offsets into the file. */
  readonly mark: { readonly start: number; readonly end: number };
};

export type SpecTasks = {
  readonly tasks: readonly SpecTask[];
  /** Groups of task ids from the file's dependency graph, in their order; empty when it has none. */
  readonly waves: readonly (readonly string[])[];
  /** Checkboxes that are no tasks: without a number, in a section of their own, in a plan whose tasks have numbers. */
  readonly leftOut: readonly { readonly title: string; readonly line: number }[];
};

const MAX_TASKS = 500;

/** An id is in the names of files, and nobody plans so deep. */
const MOST_LEVELS = 20;

const REMEDY = 'Mend tasks.md on the feature branch; docs/guides/specs.md shows its form.';

const invalid = (problem: string): WorkerError => new WorkerError('SpecInvalid', `tasks.md ${problem}.`, REMEDY);

/** "Definition of done", "Success criteria": lists for people below or above a plan whose tasks are numbered. */
const isAside = (lines: readonly TaskLine[]): ((line: TaskLine) => boolean) => {
  const planned = new Set(lines.filter(({ number }) => number !== null).map(({ section }) => section));
  return ({ section }) => planned.size > 0 && !planned.has(section);
};

const toTasks = (lines: readonly NamedLine[]): readonly SpecTask[] => {
  const byId = new Map<string, SpecTask>();
  for (const { id, parentId, title, done, optional, requirements, details, line, mark } of lines) {
    const parent = parentId === null ? undefined : byId.get(parentId);
    byId.set(id, {
      id,
      parentId,
      title,
      done,
      optional: optional || (parent?.optional ?? false),
      isCheckpoint: isCheckpointTitle(title) || (parent?.isCheckpoint ?? false),
      requirements: requirements.length > 0 ? requirements : (parent?.requirements ?? []),
      details,
      line,
      mark,
    });
  }
  return [...byId.values()];
};

/**
 * Reads tasks.md as Kiro writes it and as people edit it: sub-tasks indented or at column 0, `*` for optional, any mark but x is open, checkboxes in
 * code blocks and comments are text. Throws SpecInvalid when there is nothing to do, far too much, or when the rest of the file cannot be read.
 */
export const parseSpecTasks = (text: string): SpecTasks => {
  const { lines, waves, fault } = readTaskLines(text);
  if (fault?.what === 'merge conflict') throw invalid(`has an unsolved merge conflict in line ${fault.line}`);
  if (fault) throw invalid(`has a ${fault.what} in line ${fault.line} that is never closed`);
  if (lines.length === 0) throw invalid('holds 0 tasks: a task is a line such as "- [ ] 1. Title"');
  if (lines.length > MAX_TASKS) throw invalid(`holds ${lines.length} tasks; at most ${MAX_TASKS} are allowed`);
  const isLeftOut = isAside(lines);
  const named = nameLines(lines.filter((line) => !isLeftOut(line)));
  const deep = named.find(({ id }) => id.split('.').length > MOST_LEVELS);
  if (deep) throw invalid(`nests the task in line ${deep.line} more than ${MOST_LEVELS} levels deep`);
  return {
    tasks: toTasks(named),
    waves,
    leftOut: lines.filter(isLeftOut).map(({ title, line }) => ({ title, line })),
  };
};
