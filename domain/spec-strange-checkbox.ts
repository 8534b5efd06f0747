import { isDoneMark } from './spec-task-line';
import { likelyNumber, splitTitle } from './spec-task-title';

/** What looks like a task and is none. */
export type Strange = {
  readonly title: string;
  /** Counted from 1. */
  readonly line: number;
  /** "it stands in a table": the end of a sentence. */
  readonly why: string;
  /** As far as it has one. */
  readonly number: string | null;
  readonly done: boolean;
};

const BOX = '\\\\?\\[([ xX~-])\\\\?\\]';
const ITEM = '(?:[-*+]|\\d{1,6}[.)])';

/** The mark, and the text behind it. */
const FORMS: readonly { readonly why: string; readonly form: RegExp }[] = [
  { why: 'it stands in a quotation', form: new RegExp(`^[ \\t]*(?:>[ \\t]*)+${ITEM}[ \\t]*${BOX}\\*?[ \\t]+(.+)$`) },
  { why: 'it is a heading', form: new RegExp(`^#{1,6}[ \\t]+(?:${ITEM}[ \\t]+)?${BOX}[ \\t]+(.+)$`) },
  { why: 'it is a heading', form: /^#{1,6}[ \t]+([☐☑☒])[ \t]*(.+)$/u },
  { why: 'there is no "- " in front of it', form: new RegExp(`^[ \\t]*${BOX}\\*?[ \\t]+(.+)$`) },
  {
    why: 'there are two bullets in front of it',
    form: new RegExp(`^[ \\t]*${ITEM}[ \\t]+${ITEM}[ \\t]*${BOX}\\*?[ \\t]+(.+)$`),
  },
  { why: 'its box stands in emphasis', form: new RegExp(`^[ \\t]*${ITEM}[ \\t]+(?:\\*\\*|__)${BOX}[ \\t]+(.+)$`) },
  { why: 'it has a letter for a bullet', form: new RegExp(`^[ \\t]*[A-Za-z][.)][ \\t]+${BOX}\\*?[ \\t]+(.+)$`) },
  { why: 'its box is not written as [ ]', form: /^[ \t]*(?:[-*+][ \t]+)?([☐☑☒])[ \t]*(.+)$/u },
];
const IN_TABLE = new RegExp(`^[ \\t]*\\|(?:.*\\|)?[ \\t]*${BOX}[ \\t]*\\|`);
const NUMBER_CELL = /^\**(\d{1,6}[a-z]?(?:\.\d{1,6}[a-z]?)*)\.?\**$/;

const numberOf = (title: string): string | null =>
  splitTitle(title, undefined).number ?? likelyNumber(title)?.number ?? null;
const isDone = (mark: string): boolean => isDoneMark(mark) || /[☑☒]/u.test(mark);

const rowOf = (text: string, line: number): Strange | null => {
  const [, mark] = IN_TABLE.exec(text) ?? [];
  if (mark === undefined) return null;
  const cells = text.split('|').map((cell) => cell.trim());
  const numbers = cells.map((cell) => NUMBER_CELL.exec(cell)?.[1] ?? likelyNumber(cell)?.number);
  const title = cells.filter((cell) => cell !== '' && !/^\\?\[.\\?\]$/.test(cell)).join(' ');
  const number = numbers.find((each) => each !== undefined) ?? null;
  return { title, line, why: 'it stands in a table', number, done: isDone(mark) };
};

/** A line outside of code that a person would take for a task, and that cannot be ticked as one; null for other text. */
export const strangeCheckbox = (text: string, line: number): Strange | null => {
  for (const { why, form } of FORMS) {
    const [, mark = '', title = ''] = form.exec(text) ?? [];
    if (title !== '') return { title: title.trim(), line, why, number: numberOf(title), done: isDone(mark) };
  }
  return rowOf(text, line);
};
