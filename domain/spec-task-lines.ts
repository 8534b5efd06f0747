import { listLabel } from './spec-criteria-label';
import { gatherHeadingTasks } from './spec-heading-tasks';
import { readRequirements, withoutRequirements } from './spec-requirement-names';
import { chainOf, type Heading, headingOf } from './spec-section';
import { type Strange, strangeCheckbox } from './spec-strange-checkbox';
import { columns, type Mark, parseTaskLine, type TaskLine } from './spec-task-line';
import { adoptLikelyNumbers } from './spec-task-numbers';
import { parseWaves } from './spec-waves';
import { withoutCommonIndent } from './without-common-indent';

/** What makes the rest of the file something that nobody can read. */
type Fault = { readonly what: 'code block' | 'comment' | 'merge conflict'; readonly line: number };

type Reading = {
  readonly lines: readonly TaskLine[];
  readonly waves: readonly (readonly string[])[];
  readonly strange: readonly Strange[];
  readonly fault: Fault | null;
};

const FENCE = /^[ \t]*(?:[-*+][ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const RULE = /^(?:-{3,}|\*{3,}|_{3,})[ \t]*$/;
const CONFLICT = /^<{7} /;

/** Lines with where each starts; CRLF, LF and CR all end one. A byte order mark belongs to none. */
function* splitLines(
  text: string,
): Generator<{ readonly text: string; readonly offset: number; readonly line: number }> {
  const ends = /\r\n|\n|\r|$/g;
  let offset = text.startsWith('\uFEFF') ? 1 : 0;
  for (let line = 1; offset <= text.length; line += 1) {
    ends.lastIndex = offset;
    const end = ends.exec(text);
    const at = end?.index ?? text.length;
    yield { text: text.slice(offset, at), offset, line };
    if (at >= text.length) return;
    offset = at + (end?.[0].length ?? 1);
  }
}

type Open = Fault & { readonly closes: RegExp; readonly content: string[] };

const opensComment = (line: string): boolean => {
  const prose = line.replace(/`[^`]*`/g, '');
  return prose.lastIndexOf('<!--') > prose.lastIndexOf('-->');
};

const closingFence = (fence: string): RegExp => new RegExp(`^[ \\t]*${fence[0]}{${fence.length},}[ \\t]*$`);

const opensBlock = (text: string, line: number): Open | null => {
  const fence = FENCE.exec(text)?.[1];
  if (fence) return { what: 'code block', line, content: [], closes: closingFence(fence) };
  return opensComment(text) ? { what: 'comment', line, content: [], closes: /-->/ } : null;
};

type Found = { readonly task: TaskLine; readonly below: string[]; readonly criteria: Mark[] };

/** What is known after the lines so far. */
type State = {
  readonly found: Found[];
  readonly headings: Heading[];
  readonly strange: Strange[];
  waves: readonly (readonly string[])[];
  open: Open | null;
  conflict: Fault | null;
  /** The lines below the task that was found last, up to a heading or a rule. */
  below: string[] | null;
  /** Where the list below a label such as "Acceptance criteria:" begins, and whose criteria it has. */
  criteria: { readonly owner: Found; readonly indent: number } | null;
};

const goOnInBlock = (text: string, open: Open, state: State): void => {
  state.below?.push(text);
  if (!open.closes.test(text)) {
    open.content.push(text);
    return;
  }
  if (open.what === 'code block') state.waves = parseWaves(open.content.join('\n')) ?? state.waves;
  state.open = null;
};

/** A checkbox without a number below "Acceptance criteria:" says when the task above is done. */
const isCriterion = ({ number, likely, indent }: TaskLine, { criteria, found }: State): boolean =>
  criteria !== null &&
  number === null &&
  indent >= criteria.indent &&
  (likely === null || !found.some(({ task }) => task.likely?.family === likely.family));

const noteLabel = (text: string, state: State): void => {
  const label = listLabel(text);
  if (label === null) return;
  const [, white = '', bullet] = /^([ \t]*)([-*+][ \t])?/.exec(text) ?? [];
  const indent = columns(white);
  const owner = state.below && indent > 0 ? state.found.findLast(({ task }) => task.indent < indent) : undefined;
  state.criteria = owner && label === 'criteria' ? { owner, indent: bullet ? indent + 1 : indent } : null;
};

const takeTask = (task: TaskLine, text: string, state: State): void => {
  if (state.criteria && isCriterion(task, state)) {
    state.criteria.owner.criteria.push(...(task.optional ? [] : task.marks));
    state.below?.push(text);
    return;
  }
  state.criteria = null;
  state.below = [];
  state.found.push({ task, below: state.below, criteria: [] });
};

const readLine = (text: string, offset: number, line: number, state: State): void => {
  const above = state.headings.at(-1) ?? null;
  const heading = state.open ? null : headingOf(text, line, above);
  for (const each of chainOf(heading?.parent ?? (heading ? null : above))) each.below.push(text);
  if (state.open) {
    goOnInBlock(text, state.open, state);
    return;
  }
  if (CONFLICT.test(text)) state.conflict ??= { what: 'merge conflict', line };
  state.open = opensBlock(text, line);
  if (heading) state.headings.push(heading);
  const task = parseTaskLine(text, line, offset, above);
  const strange = task ? null : strangeCheckbox(text, line);
  if (strange) state.strange.push(strange);
  if (task) takeTask(task, text, state);
  else if (heading || RULE.test(text)) {
    state.below = null;
    state.criteria = null;
  } else {
    noteLabel(text, state);
    state.below?.push(text);
  }
};

/** Finds the tasks, what looks like one and is none, and the dependency graph. Checkboxes in code blocks and comments are text. */
export const readTaskLines = (text: string): Reading => {
  const state: State = {
    found: [],
    headings: [],
    strange: [],
    waves: [],
    open: null,
    conflict: null,
    below: null,
    criteria: null,
  };
  for (const { text: line, offset, line: number } of splitLines(text)) readLine(line, offset, number, state);
  const lines = state.found.map(({ task, below, criteria }) => ({
    ...task,
    marks: [...task.marks, ...criteria],
    details: withoutCommonIndent(below),
  }));
  const { lines: gathered, strange } = gatherHeadingTasks(adoptLikelyNumbers(lines), state.headings);
  return {
    lines: gathered.map((line) => ({
      ...line,
      title: withoutRequirements(line.title),
      requirements: readRequirements(`${line.title}\n${line.details}`),
    })),
    strange: [...state.strange, ...strange].sort((a, b) => a.line - b.line),
    waves: state.waves,
    fault: state.open ?? state.conflict,
  };
};
