import { readRequirements } from './spec-requirement-names';
import { splitTitle } from './spec-task-title';
import { parseWaves } from './spec-waves';

/** A checkbox line with what stands below it, before ids and parents are worked out. */
export type TaskLine = {
  readonly number: string | null;
  readonly title: string;
  readonly done: boolean;
  readonly optional: boolean;
  /** Columns in front of the bullet; a tab goes to the next multiple of four. */
  readonly indent: number;
  /** Counted from 1. */
  readonly line: number;
  /** How many headings stand above it. */
  readonly section: number;
  readonly mark: { readonly start: number; readonly end: number };
  readonly requirements: readonly string[];
  readonly details: string;
};

/** What makes the rest of the file something that nobody can read. */
type Fault = { readonly what: 'code block' | 'comment' | 'merge conflict'; readonly line: number };

type Reading = {
  readonly lines: readonly TaskLine[];
  readonly waves: readonly (readonly string[])[];
  readonly fault: Fault | null;
};

/** A space of any kind, or one character as people see it: an emoji with all that belongs to it. Never a digit: `[1]` is a footnote. */
const MARK =
  '[ \\t\\u3000\\u00A0]{0,3}(?:[^\\]\\s\\d][\\p{M}\\u200D\\uFE0F\\u20E3\\p{Extended_Pictographic}\\p{Emoji_Modifier}]{0,8})?[ \\t\\u3000\\u00A0]{0,3}';
/** Bullet, mark in brackets, the `*` of optional tasks (which formatters escape), the rest. */
const TASK = new RegExp(
  `^([ \\t\\u3000]*)(?:[-*+]|(\\d{1,6})[.)])[ \\t]+\\[(${MARK})\\](\\\\?\\*(?!\\*))?(?:[ \\t]+|(?=\\d)|$)([\\s\\S]*)$`,
  'u',
);
const FENCE = /^[ \t]*(?:[-*+][ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const HEADING = /^#{1,6}[ \t]/;
const RULE = /^(?:-{3,}|\*{3,}|_{3,})[ \t]*$/;
const CONFLICT = /^<{7} /;

const columns = (whiteSpace: string): number =>
  [...whiteSpace].reduce((at, character) => (character === '\t' ? at + 4 - (at % 4) : at + 1), 0);

const parseTaskLine = (text: string, line: number, offset: number, section: number): TaskLine | null => {
  const match = TASK.exec(text);
  if (!match) return null;
  const [, lead = '', listNumber, mark = '', star, rest = ''] = match;
  const start = offset + text.indexOf('[', lead.length) + 1;
  const { number, title, starred } = splitTitle(rest, listNumber);
  return {
    number,
    title,
    done: mark.trim().toLowerCase() === 'x',
    optional: star !== undefined || starred,
    indent: columns(lead),
    line,
    section,
    mark: { start, end: start + mark.length },
    requirements: [],
    details: '',
  };
};

const withoutCommonIndent = (lines: readonly string[]): string => {
  const filled = lines.filter((line) => line.trim() !== '');
  const common = filled.reduce((least, line) => Math.min(least, line.search(/\S/)), Number.MAX_SAFE_INTEGER);
  return lines
    .map((line) => line.slice(common).trimEnd())
    .join('\n')
    .trim();
};

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

/** Finds the checkboxes that are tasks, and the dependency graph. Checkboxes in code blocks and comments are text. */
export const readTaskLines = (text: string): Reading => {
  const found: { task: TaskLine; below: string[] }[] = [];
  let waves: readonly (readonly string[])[] = [];
  let open: Open | null = null;
  let conflict: Fault | null = null;
  let below: string[] | null = null;
  let section = 0;
  for (const { text: line, offset, line: number } of splitLines(text)) {
    if (open) {
      below?.push(line);
      if (open.closes.test(line)) {
        if (open.what === 'code block') waves = parseWaves(open.content.join('\n')) ?? waves;
        open = null;
      } else open.content.push(line);
      continue;
    }
    if (CONFLICT.test(line)) conflict ??= { what: 'merge conflict', line: number };
    if (HEADING.test(line)) section += 1;
    open = opensBlock(line, number);
    const task = parseTaskLine(line, number, offset, section);
    if (task) {
      below = [];
      found.push({ task, below });
    } else if (HEADING.test(line) || RULE.test(line)) below = null;
    else below?.push(line);
  }
  const lines = found.map(({ task, below: lines }) => {
    const details = withoutCommonIndent(lines);
    return { ...task, details, requirements: readRequirements(`${task.title}\n${details}`) };
  });
  return { lines, waves, fault: open ?? conflict };
};
