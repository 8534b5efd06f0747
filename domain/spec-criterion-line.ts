import { requirementLetters } from './spec-requirement-names';

/** `1. text`, `- 1.2 text`, `- **FR-001**: text`, `AC-1 — text`, `**AC 1.2:** text`, `3.1 WHEN …`. */
const ITEM =
  /^[ \t]{0,8}(?:[-*+][ \t]+)?(?:\[.\][ \t]+)?(?:\*\*)?(?:(\d{1,4})\\?[.)]|(?:AC[ \t]+)?(\d{1,4}[a-z]?(?:\.\d{1,4}[a-z]?){1,4})[.):：]?|([A-Z]{1,8}(?:[-_][A-Z]{1,8})?[-_]?\d{1,4}(?:-\d{1,4}|(?:\.(?:AC-?)?\d{1,4}){0,3}))(?=[.):：*]|[ \t]+[—–·[-])[.):：]?)(?:\*\*)?(?:[:：]?[ \t]+|：)(?=\S)(.*)$/u;
/** `| FR-1 | text | High |`: only names that nobody gives to anything else, because tables list risks and versions, too. */
const ROW = new RegExp(
  `^[ \\t]*\\|[ \\t]*[*\`]{0,2}((?:[A-Z]{1,8}[-_])?(?:${requirementLetters}|AC)[-_](?:[A-Z]{1,8}[-_])?\\d{1,4}(?:\\.\\d{1,4}){0,3})[*\`]{0,2}[ \\t]*\\|(.*)$`,
  'u',
);

/** `3. **US-2.AC-1** — text`: the list counts on, the name does not. */
const NAMED_ITEM = /^\*\*([A-Z]{1,8}[-_]\d{1,4}(?:\.(?:AC-?)?(\d{1,4})){1,3})\*\*/u;

export type CriterionLine = {
  /** Its number in a list, where it has no name of its own. */
  readonly place: string | null;
  readonly name: string | null;
  /** A name that needs no requirement around it: `FR-1`, not `1.2`. */
  readonly isLettered: boolean;
  readonly title: string;
  readonly indent: number;
};

/** The criterion that a line of requirements.md begins; null for other text. */
export const parseCriterionLine = (line: string): CriterionLine | null => {
  const [, inTable, cells = ''] = ROW.exec(line) ?? [];
  if (inTable !== undefined)
    return { place: null, name: inTable, isLettered: true, title: cells.split('|')[0] ?? '', indent: 0 };
  const [match, place, dotted, lettered, title = ''] = ITEM.exec(line) ?? [];
  if (match === undefined) return null;
  const [, inner, last] = NAMED_ITEM.exec(title) ?? [];
  if (inner !== undefined && place !== undefined && place !== last)
    return { place, name: inner, isLettered: true, title: title.slice(inner.length + 4), indent: line.search(/\S|$/) };
  const name = dotted ?? lettered ?? null;
  return { place: place ?? null, name, isLettered: lettered !== undefined, title, indent: line.search(/\S|$/) };
};
