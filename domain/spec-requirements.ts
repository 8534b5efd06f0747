import { ALL_REQUIREMENTS, requirementWords } from './spec-requirement-names';

/** One requirement of requirements.md (`2`), or one acceptance criterion of it (`2.3`); in bugfix.md only criteria. */
export type Requirement = {
  readonly name: string;
  /** The requirement that a criterion belongs to; null for requirements, and for criteria that stand alone. */
  readonly parent: string | null;
  /** One line that says what it is about. */
  readonly title: string;
  readonly text: string;
  /** What the code does wrongly today, as a bugfix.md describes it: nothing that is to be reached. */
  readonly isDefect: boolean;
};

type Entry = {
  readonly name: string;
  /** The requirement that it stands in; null for requirements, and for criteria that stand alone. */
  readonly whole: Entry | null;
  readonly heading: 'worded' | 'lettered' | 'bare' | null;
  readonly title: string;
  readonly indent: number;
  readonly isDefect: boolean;
  readonly lines: string[];
};

const ID =
  '(?:[A-Za-z]{1,12}[-_][A-Za-z]{0,4}\\d{1,6}-\\d{1,6}(?![\\d.])|(?:[A-Za-z]{1,12}[-_]){0,2}[A-Za-z]{0,4}\\d{1,6}[a-z]?(?:\\.\\d{1,6}[a-z]?){0,5})';
/** `### Requirement 2: Title`, `### 2. Title`, `#### FR-3 Title`, `**Requirement 2: Title**`. */
const HEADING = new RegExp(
  `^(#{1,6}|(?=\\*\\*${requirementWords}))[ \\t]*\\**(${requirementWords}[ \\t]*)?(${ID})(?![\\p{L}\\p{N}])\\**[.):：]?\\**(.*)$`,
  'iu',
);
const ANY_HEADING = /^(#{1,6})[ \t]/;
/** A bold line stands below every heading. */
const BOLD_LEVEL = 7;
const CRITERIA = /acceptance|criteri|criter|критери|kriteri|验收|驗收|受け?入れ?|인수|수락/i;
/** `1. text`, `- 1.2 text`, `- **FR-001**: text`, `3.1 WHEN …`. */
const ITEM =
  /^ {0,3}(?:[-*+][ \t]+)?(?:\[.\][ \t]+)?(?:\*\*)?(?:(\d{1,4})[.)]|(\d{1,4}[a-z]?(?:\.\d{1,4}[a-z]?){1,4})[.):：]?|([A-Z]{1,8}(?:[-_][A-Z]{1,8})?[-_]?\d{1,4}(?:-\d{1,4}|(?:\.\d{1,4}){0,3}))(?=[.):：*])[.):：]?)(?:\*\*)?[:：]?[ \t]+(?=\S)(.*)$/u;
const FENCE = /^[ \t]*(?:`{3,}|~{3,})/;

/** `### Current Behavior (Defect)`, above the clauses of a bugfix.md that say what is wrong. */
const DEFECT =
  /current behaviou?r|actual behaviou?r|現在の(?:動作|挙動|振る舞い)|现有行为|当前行为|當前行為|현재 ?동작|aktuelles verhalten|comportamiento actual|comportement actuel|comportamento (?:attuale|atual)|текущее поведение|поточна поведінка|obecne zachowanie|mevcut davranış|huidig gedrag|hành vi hiện tại|perilaku saat ini/iu;

const LONGEST_TITLE = 200;

const oneLine = (text: string): string => {
  const line = [
    ...text
      .replace(/[*_`]{1,3}/g, '')
      .replace(/\s+/g, ' ')
      .replace(/^[\s:：.–—-]+/u, '')
      .trim(),
  ];
  return line.length <= LONGEST_TITLE ? line.join('') : `${line.slice(0, LONGEST_TITLE - 1).join('')}…`;
};

type Reading = {
  readonly entries: Entry[];
  whole: { readonly entry: Entry; readonly level: number } | null;
  criterion: Entry | null;
  /** The level of the heading whose clauses are defects. */
  defectLevel: number | null;
};

const openWhole = (line: string, reading: Reading): boolean => {
  const [, hashes = '', word, name = '', title = ''] = HEADING.exec(line) ?? [];
  if (name === '') return false;
  const level = hashes.length || BOLD_LEVEL;
  // A number alone, deeper than the requirement that it stands in, is a part of it.
  if (reading.whole && level > reading.whole.level && word === undefined && /^\d/.test(name)) return false;
  const numbered = /^\d/.test(name) ? 'bare' : 'lettered';
  const heading = word === undefined ? numbered : 'worded';
  const isDefect = reading.defectLevel !== null;
  const entry: Entry = { name, whole: null, heading, title: oneLine(title), indent: 0, isDefect, lines: [line] };
  reading.whole = { entry, level };
  reading.criterion = null;
  reading.entries.push(entry);
  return true;
};

/** Further in than the criterion above it, a list is a part of that criterion. */
const openCriterion = (line: string, reading: Reading): boolean => {
  const [, place, dotted, lettered, title = ''] = ITEM.exec(line) ?? [];
  const indent = line.search(/\S|$/);
  if (reading.criterion && indent > reading.criterion.indent + 1) return false;
  const whole = reading.whole?.entry ?? null;
  const name = dotted ?? lettered ?? (whole && place && `${whole.name}.${place}`);
  if (!name) return false;
  whole?.lines.push(line);
  const isOf = dotted === undefined || dotted.startsWith(`${whole?.name}.`);
  const belongs = { whole: isOf ? whole : null, heading: null, indent, isDefect: reading.defectLevel !== null };
  reading.criterion = { ...belongs, name, title: oneLine(title), lines: [line] };
  reading.entries.push(reading.criterion);
  return true;
};

/** A heading ends the criterion before it, and the requirement when it is no lower. Numbers above the acceptance criteria are none of them. */
const passHeading = (line: string, reading: Reading): void => {
  const level = ANY_HEADING.exec(line)?.[1]?.length ?? null;
  if (level !== null) {
    reading.criterion = null;
    if (reading.whole && level <= reading.whole.level) reading.whole = null;
  }
  const whole = reading.whole?.entry;
  if (whole && CRITERIA.test(line) && /^(?:#{1,6}[ \t]|\*\*)/.test(line)) {
    const kept = reading.entries.filter((entry) => entry.whole !== whole || !/\.\d+$/.test(entry.name));
    reading.entries.splice(0, reading.entries.length, ...kept);
  }
};

const noteDefects = (line: string, reading: Reading): void => {
  const level = ANY_HEADING.exec(line)?.[1]?.length ?? null;
  if (level === null) return;
  if (reading.defectLevel !== null && level <= reading.defectLevel) reading.defectLevel = null;
  if (DEFECT.test(line)) reading.defectLevel ??= level;
};

const readLine = (line: string, reading: Reading): void => {
  noteDefects(line, reading);
  if (openWhole(line, reading)) return;
  passHeading(line, reading);
  if (openCriterion(line, reading)) return;
  reading.whole?.entry.lines.push(line);
  reading.criterion?.lines.push(line);
};

/**
 * A heading with nothing but a number is a requirement where criteria belong to it and no other heading says that it is one; `## 1. Introduction` is none. One with letters
 * needs a hyphen (`FR-1`) or criteria; `### HTTP2 support` is none.
 */
const areRequirements = (entries: readonly Entry[]): readonly Entry[] => {
  const hasWords = entries.some(({ heading }) => heading === 'worded');
  const isOne = (entry: Entry): boolean => {
    if (entry.heading === 'worded' || entry.heading === null) return true;
    if (entry.heading === 'lettered' && /[-_]/.test(entry.name)) return true;
    const hasCriteria = entries.some(({ whole }) => whole === entry);
    return hasCriteria && (entry.heading === 'lettered' || !hasWords);
  };
  return entries.filter((entry) => isOne(entry.whole ?? entry));
};

/** The user story stands for a requirement without a title. */
const titleOf = ({ title, lines }: Entry): string =>
  title || oneLine(lines.slice(1).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '');

/**
 * The requirements and criteria of requirements.md or bugfix.md in their order, each name once. Numbers in code blocks are text. Headings may be of any language; the numbers decide.
 */
export const listRequirements = (text: string): readonly Requirement[] => {
  const reading: Reading = { entries: [], whole: null, criterion: null, defectLevel: null };
  let fenced = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const isFence = FENCE.test(line);
    if (fenced || isFence) {
      if (isFence) fenced = !fenced;
      reading.whole?.entry.lines.push(line);
      reading.criterion?.lines.push(line);
    } else readLine(line, reading);
  }
  const named = new Map<string, Requirement>();
  for (const entry of areRequirements(reading.entries))
    if (!named.has(entry.name))
      named.set(entry.name, {
        name: entry.name,
        parent: entry.whole?.name ?? null,
        title: titleOf(entry),
        text: entry.lines.join('\n').trim(),
        isDefect: entry.isDefect,
      });
  return [...named.values()];
};

/** `ST-1-2` for `ST-1.2`, which stands as number 2 below ST-1. */
const withDot = (name: string): string => name.replace(/^(.*[a-z].*\d)-(?=\d+$)/i, '$1.');

/** `R8.1` and `Req-8.1` for `8.1`: some write the word before the number. */
const withoutWord = (name: string): string => name.replace(/^(?:r|req)[-_]?(?=\d)/i, '');

/** Whether somebody who names `mention` means this requirement: it itself, the requirement that it is a criterion of, or all. */
export const isMeantBy = ({ name, parent }: Pick<Requirement, 'name' | 'parent'>, mention: string): boolean =>
  mention === ALL_REQUIREMENTS ||
  [mention, withoutWord(mention), withDot(mention)].some(
    (said) => said === name || (parent !== null && (said === parent || said === `${parent}.${name}`)),
  );

/** Requirement `name` as a task writes it; null when the document has none of that name. */
export const findRequirement = (requirements: readonly Requirement[], name: string): Requirement | null => {
  if (name === ALL_REQUIREMENTS) return null;
  return (
    requirements.find((requirement) => requirement.name === name) ??
    requirements.find((requirement) => isMeantBy({ ...requirement, parent: null }, name)) ??
    requirements.find(({ name: own, parent }) => parent !== null && `${parent}.${own}` === name) ??
    null
  );
};
