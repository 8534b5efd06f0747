import { WorkerError } from './errors';
import { isCheckpointTitle } from './spec-checkpoint';
import type { Strange } from './spec-strange-checkbox';
import type { Mark, TaskLine } from './spec-task-line';
import { readTaskLines } from './spec-task-lines';
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
  /** Its own, and those of its acceptance criteria; for a task that is a heading, those of its checkboxes. */
  readonly marks: readonly Mark[];
};

export type LeftOut = {
  readonly title: string;
  /** Counted from 1. */
  readonly line: number;
  /** The end of a sentence: "it stands in a table". */
  readonly why: string;
};

export type SpecTasks = {
  readonly tasks: readonly SpecTask[];
  /** Groups of task ids from the file's dependency graph, in their order; empty when it has none. */
  readonly waves: readonly (readonly string[])[];
  /** What looks like a task and is none, in the order of the file. */
  readonly leftOut: readonly LeftOut[];
};

const MAX_TASKS = 500;

/** An id is in the names of files, and nobody plans so deep. */
const MOST_LEVELS = 20;

const REMEDY = 'Mend tasks.md on the feature branch; docs/guides/specs.md shows its form.';

const invalid = (problem: string): WorkerError => new WorkerError('SpecInvalid', `tasks.md ${problem}.`, REMEDY);

/** Headings of lists that are for people. */
const FOR_PEOPLE =
  /acceptance|definition of|\bdone\b|criteria|metrics|checklist|sign.?off|review|verification|prerequisite|rollback|验收|驗收|完了条件|受け?入れ|완료 ?조건|checkliste|critères|criterios|critérios|критерии|kriter/iu;

/** "Definition of done", "Success criteria": checkboxes without a number in a section without one, where the plan's tasks have numbers. */
const isAside = (lines: readonly TaskLine[]): ((line: TaskLine) => boolean) => {
  const numbered = lines.filter(({ number }) => number !== null);
  const planned = new Set(numbered.map(({ heading }) => heading));
  // `- [ ] 3 unit tests` is a number, too: one such line makes no numbered plan.
  const top = lines.filter(({ indent }) => indent === 0);
  const isRule = top.filter(({ number }) => number !== null).length * 2 >= top.length;
  return ({ heading }) =>
    numbered.length > 0 && !planned.has(heading) && (isRule || FOR_PEOPLE.test(heading?.text ?? ''));
};

const shown = ({ title, line, why }: LeftOut): string =>
  `line ${line} looks like a task ("${title.slice(0, 80)}"), but ${why}`;

/** Who waits for a task that nobody can tick has to know it before the agent is paid. */
const refuseStrange = (strange: readonly Strange[], lines: readonly TaskLine[]): void => {
  // A table that sums up the plan names the numbers of its tasks again.
  const known = new Set(lines.map(({ number }) => number));
  const awaited = strange.filter(({ number, done }) => number !== null && !done && !known.has(number));
  // A heading that is a task and has a box of its own is seen as both.
  const [first, ...others] = awaited.filter(({ line }, index) => awaited[index - 1]?.line !== line);
  if (first)
    throw invalid(
      `cannot be worked on as it is: ${shown(first)}${others.length > 0 ? `; and ${others.length} more like it` : ''}`,
    );
};

const toTasks = (lines: readonly NamedLine[]): readonly SpecTask[] => {
  const byId = new Map<string, SpecTask>();
  for (const { id, parentId, title, done, optional, requirements, details, line, marks } of lines) {
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
      marks,
    });
  }
  return [...byId.values()];
};

/**
 * Reads tasks.md as Kiro writes it and as people edit it: sub-tasks indented or at column 0, `*` for optional, any mark but x is open, checkboxes in
 * code blocks and comments are text. Throws SpecInvalid when there is nothing to do, far too much, or when the rest of the file cannot be read.
 */
export const parseSpecTasks = (text: string): SpecTasks => {
  const { lines, waves, strange, fault } = readTaskLines(text);
  if (fault?.what === 'merge conflict') throw invalid(`has an unsolved merge conflict in line ${fault.line}`);
  if (fault) throw invalid(`has a ${fault.what} in line ${fault.line} that is never closed`);
  refuseStrange(strange, lines);
  if (lines.length === 0)
    throw invalid(
      `holds 0 tasks: a task is a line such as "- [ ] 1. Title"${strange[0] ? `; ${shown(strange[0])}` : ''}`,
    );
  if (lines.length > MAX_TASKS) throw invalid(`holds ${lines.length} tasks; at most ${MAX_TASKS} are allowed`);
  const isLeftOut = isAside(lines);
  const named = nameLines(lines.filter((line) => !isLeftOut(line)));
  const deep = named.find(({ id }) => id.split('.').length > MOST_LEVELS);
  if (deep) throw invalid(`nests the task in line ${deep.line} more than ${MOST_LEVELS} levels deep`);
  return {
    tasks: toTasks(named),
    waves,
    leftOut: [
      ...lines
        .filter(isLeftOut)
        .map(({ title, line }) => ({ title, line, why: 'it has no number, as the tasks have' })),
      ...strange.map(({ title, line, why }) => ({ title, line, why })),
    ].sort((a, b) => a.line - b.line),
  };
};
