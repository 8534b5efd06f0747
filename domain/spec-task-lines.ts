import { readRequirements } from './spec-requirements';
import { parseWaves } from './spec-waves';

/** A checkbox line with what stands below it, before ids and parents are worked out. */
export type TaskLine = {
  readonly number: string | null;
  readonly title: string;
  readonly done: boolean;
  readonly optional: boolean;
  /** Columns in front of the bullet; a tab goes to the next multiple of four. */
  readonly indent: number;
  readonly line: number;
  readonly mark: { readonly start: number; readonly end: number };
  readonly requirements: readonly string[];
  readonly details: string;
};

type Unclosed = { readonly what: 'code block' | 'comment'; readonly line: number };

type Reading = {
  readonly lines: readonly TaskLine[];
  readonly waves: readonly (readonly string[])[];
  readonly unclosed: Unclosed | null;
};

/** Bullet, bracket with at most one character, the `*` of optional tasks (which formatters escape), the rest. */
const TASK =
  /^(\uFEFF?[ \t]*)(?:[-*+]|(\d{1,6})[.)])[ \t]+\[([ \t]{0,3}[^\]\s]?[ \t]{0,3})\](\\?\*)?(?:[ \t]+([\s\S]*))?$/u;
const NUMBERED = /^(\*\*|__)?(\d{1,6}(?:\.\d{1,6}){0,5})[.):]?(\*)?(\*\*|__)?(?:[ \t]+([\s\S]*))?$/;
const FENCE = /^[ \t]*(?:[-*+][ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const ENDS_DETAILS = /^(?:#{1,6}[ \t]|(?:-{3,}|\*{3,}|_{3,})[ \t]*$)/;

const columns = (whiteSpace: string): number =>
  [...whiteSpace.replace('\uFEFF', '')].reduce((at, character) => (character === '\t' ? at + 4 - (at % 4) : at + 1), 0);

/** Titles go into one line, into an environment variable and into a commit's title. */
const LONGEST_TITLE = 300;

const oneLine = (title: string): string => {
  const characters = [...title.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').trim()];
  return characters.length <= LONGEST_TITLE ? characters.join('') : `${characters.slice(0, LONGEST_TITLE).join('')}…`;
};

/** `**1.2** Title`, `1.2. Title`, `1.2* Title`, `Title`. */
const splitTitle = (rest: string, listNumber: string | undefined) => {
  const match = NUMBERED.exec(rest);
  if (!match) return { number: listNumber ?? null, title: oneLine(rest), starred: false };
  const [, opens, number = '', star, closes, title = ''] = match;
  const bare = opens && !closes && title.endsWith(opens) ? title.slice(0, -opens.length) : title;
  return { number, title: oneLine(bare), starred: star !== undefined };
};

const parseTaskLine = (text: string, line: number, offset: number): TaskLine | null => {
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

/** Lines with where each starts; CRLF, LF and CR all end one. */
function* splitLines(
  text: string,
): Generator<{ readonly text: string; readonly offset: number; readonly line: number }> {
  const ends = /\r\n|\n|\r|$/g;
  let offset = 0;
  for (let line = 1; offset <= text.length; line += 1) {
    ends.lastIndex = offset;
    const end = ends.exec(text);
    const at = end?.index ?? text.length;
    yield { text: text.slice(offset, at), offset, line };
    if (at >= text.length) return;
    offset = at + (end?.[0].length ?? 1);
  }
}

/** Finds the checkboxes that are tasks, and the dependency graph. Checkboxes in code blocks and comments are text. */
export const readTaskLines = (text: string): Reading => {
  const found: { task: TaskLine; below: string[] }[] = [];
  let waves: readonly (readonly string[])[] = [];
  let open: (Unclosed & { readonly closes: RegExp; readonly content: string[] }) | null = null;
  let below: string[] | null = null;
  for (const { text: line, offset, line: number } of splitLines(text)) {
    if (open) {
      below?.push(line);
      if (open.closes.test(line)) {
        if (open.what === 'code block') waves = parseWaves(open.content.join('\n')) ?? waves;
        open = null;
      } else open.content.push(line);
      continue;
    }
    const fence = FENCE.exec(line)?.[1];
    if (fence) open = { what: 'code block', line: number, content: [], closes: closingFence(fence) };
    else if (opensComment(line)) open = { what: 'comment', line: number, content: [], closes: /-->/ };
    const task = parseTaskLine(line, number, offset);
    if (task) {
      below = [];
      found.push({ task, below });
    } else if (ENDS_DETAILS.test(line)) below = null;
    else below?.push(line);
  }
  const lines = found.map(({ task, below: lines }) => {
    const details = withoutCommonIndent(lines);
    return { ...task, details, requirements: readRequirements(details) };
  });
  return { lines, waves, unclosed: open };
};

const opensComment = (line: string): boolean => /<!--(?!.*-->)/.test(line.replace(/`[^`]*`/g, ''));

const closingFence = (fence: string): RegExp => new RegExp(`^[ \\t]*${fence[0]}{${fence.length},}[ \\t]*$`);
