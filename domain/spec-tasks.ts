import { WorkerError } from './errors';
import { readTaskLines, type TaskLine } from './spec-task-lines';

/** One checkbox of tasks.md. */
export type SpecTask = {
  /** As written (`2.1`); for tasks without a number, their place. */
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
  /** Marked with `*`, or below a task that is: left alone, and it blocks nothing. */
  readonly optional: boolean;
  /** Asks for green tests instead of a change. */
  readonly isCheckpoint: boolean;
  readonly parentId: string | null;
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
};

const MAX_TASKS = 500;

/** An id is in the names of files, and nobody plans so deep. */
const MOST_LEVELS = 20;

const REMEDY = 'Mend tasks.md on the feature branch; docs/guides/specs.md shows its form.';

const invalid = (problem: string): WorkerError => new WorkerError('SpecInvalid', `tasks.md ${problem}.`, REMEDY);

const CHECKPOINT =
  /^(?:final |milestone )?checkpoint(?: \d+| [A-Z])?\s*(?:[-–—:.,(]|$)|^(?:最终|最終)?(?:检查点|檢查點|チェックポイント|체크포인트)/i;

type NamedLine = TaskLine & { readonly id: string; readonly parentId: string | null };

/** Numbers decide who belongs to whom (`1.2` is below `1` even at column 0); without one, the indentation does. */
const parentOf = ({ number, indent }: TaskLine, before: readonly NamedLine[]): string | null => {
  if (number !== null) {
    const dot = number.lastIndexOf('.');
    if (dot < 0) return null;
    const prefix = number.slice(0, dot);
    if (before.some(({ id }) => id === prefix)) return prefix;
  }
  return before.findLast((task) => task.indent < indent)?.id ?? null;
};

/** Gives every task an id: its number, or the next free place among its siblings. */
const withIds = (lines: readonly TaskLine[]): readonly NamedLine[] => {
  const taken = new Map<string, number>();
  for (const { number, line } of lines) {
    if (number === null) continue;
    const first = taken.get(number);
    if (first !== undefined) throw invalid(`has the task ${number} twice, in lines ${first} and ${line}`);
    taken.set(number, line);
  }
  const named: NamedLine[] = [];
  for (const line of lines) {
    const parentId = parentOf(line, named);
    let id = line.number;
    for (let place = 1; id === null; place += 1) {
      const candidate = parentId === null ? String(place) : `${parentId}.${place}`;
      if (!taken.has(candidate)) id = candidate;
    }
    if (id.split('.').length > MOST_LEVELS)
      throw invalid(`nests the task in line ${line.line} more than ${MOST_LEVELS} levels deep`);
    taken.set(id, line.line);
    named.push({ ...line, id, parentId });
  }
  return named;
};

/**
 * Reads tasks.md as Kiro writes it and as people edit it: sub-tasks indented or at column 0, `*` for optional, any mark but x is open, checkboxes in
 * code blocks and comments are text. Throws SpecInvalid when there is nothing to do or far too much.
 */
export const parseSpecTasks = (text: string): SpecTasks => {
  const { lines, waves, unclosed } = readTaskLines(text);
  if (unclosed) throw invalid(`has a ${unclosed.what} in line ${unclosed.line} that is never closed`);
  if (lines.length === 0) throw invalid('holds 0 tasks: a task is a line such as "- [ ] 1. Title"');
  if (lines.length > MAX_TASKS) throw invalid(`holds ${lines.length} tasks; at most ${MAX_TASKS} are allowed`);
  const tasks: SpecTask[] = [];
  for (const { id, parentId, title, done, optional, requirements, details, line, mark } of withIds(lines)) {
    const parent = tasks.find((task) => task.id === parentId);
    tasks.push({
      id,
      parentId,
      title,
      done,
      optional: optional || (parent?.optional ?? false),
      isCheckpoint: CHECKPOINT.test(title.replace(/[*_`]/g, '')),
      requirements,
      details,
      line,
      mark,
    });
  }
  return { tasks, waves };
};
