import { isRequirementLabel } from './spec-requirement-names';
import type { Heading } from './spec-section';
import { type LikelyNumber, likelyNumber, splitTitle } from './spec-task-title';

/** Where the text between two brackets starts and ends, as offsets into the file. */
export type Mark = { readonly start: number; readonly end: number };

/** A checkbox line with what stands below it, before ids and parents are worked out. */
export type TaskLine = {
  readonly number: string | null;
  /** Set where the title begins with what only the other lines can prove to be a number. */
  readonly likely: LikelyNumber | null;
  readonly title: string;
  readonly done: boolean;
  readonly optional: boolean;
  /** Columns in front of the bullet; a tab goes to the next multiple of four. */
  readonly indent: number;
  /** Counted from 1. */
  readonly line: number;
  /** The heading that it stands under; null above the first. */
  readonly heading: Heading | null;
  /** Its own, and those of its acceptance criteria; for a task that is a heading, those of its checkboxes. */
  readonly marks: readonly Mark[];
  readonly requirements: readonly string[];
  readonly details: string;
};

const SPACE = '[ \\t\\u3000\\u00A0]';
/** A space of any kind, or one character as people see it: an emoji with all that belongs to it. Never a digit: `[1]` is a footnote. */
const MARK = `${SPACE}{0,3}(?:[^\\]］\\\\\\s\\d][\\p{M}\\u200D\\uFE0F\\u20E3\\p{Extended_Pictographic}\\p{Emoji_Modifier}]{0,8})?${SPACE}{0,3}`;
/** Bullet, with or without its space; the mark in brackets; the `*` of optional tasks; the rest. Editors escape bullets, brackets and stars. */
const TASK = new RegExp(
  `^([ \\t\\u3000]*)(?:\\\\?[-*+•‣◦▪●○・–—−－]|(\\d{1,6})[.)])${SPACE}{0,8}\\\\?[[［](${MARK})\\\\?[\\]］](\\\\?\\*(?!\\*))?(?:${SPACE}+|(?=[\\d０-９])|$)([\\s\\S]*)$`,
  'du',
);

/** How far in a line stands; a tab goes to the next multiple of four. */
export const columns = (whiteSpace: string): number =>
  [...whiteSpace].reduce((at, character) => (character === '\t' ? at + 4 - (at % 4) : at + 1), 0);

/** Whether the text between two brackets says that the task is done: an x, or what is a tick to everybody. */
export const isDoneMark = (mark: string): boolean => /^(?:x|[✓✔✅☑]\uFE0F?)$/iu.test(mark.trim());

/** The task that a line is; null for other text. `offset` is where the line starts in the file. */
export const parseTaskLine = (text: string, line: number, offset: number, heading: Heading | null): TaskLine | null => {
  const match = TASK.exec(text);
  if (!match) return null;
  const [, lead = '', listNumber, mark = '', star, rest = ''] = match;
  const [start = 0, end = 0] = match.indices?.[3] ?? [];
  const { number, title, starred } = splitTitle(rest, listNumber);
  // An empty box asks for nothing, and `- [ ] _Requirements: 1.2_` is a detail to which somebody has given one.
  if (number === null && (title === '' || isRequirementLabel(title))) return null;
  return {
    number,
    likely: number === null || number === listNumber ? likelyNumber(rest) : null,
    title,
    done: isDoneMark(mark),
    optional: star !== undefined || starred,
    indent: columns(lead),
    line,
    heading,
    marks: [{ start: offset + start, end: offset + end }],
    requirements: [],
    details: '',
  };
};
