import { parseCriterionLine } from './spec-criterion-line';
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
  readonly heading: 'worded' | 'story' | 'lettered' | 'bare' | null;
  readonly title: string;
  readonly indent: number;
  readonly isDefect: boolean;
  readonly lines: string[];
};

const ID =
  '(?:[A-Za-z]{1,12}[-_][A-Za-z]{0,4}\\d{1,6}-\\d{1,6}(?![\\d.])|(?:[A-Za-z]{1,12}[-_]){0,3}[A-Za-z]{0,4}\\d{1,6}[a-z]?(?:\\.(?:\\d{1,6}[a-z]?|[a-z](?![\\p{L}\\p{N}]))){0,5})';
/** What stands for requirements where nothing is called one: `### User Story 2: Title`. */
const STORY =
  '(?:(?:user )?story|feature|use case|ユーザーストーリー|用户故事|사용자 스토리|historia de usuario|história de usuário|kullanıcı hikayesi)';
/** `### Requirement 2: Title`, `### 2. Title`, `#### FR-3 Title`, `**Requirement 2: Title**`, with or without an emoji in front. */
const HEADING = new RegExp(
  `^(#{1,6}|(?=\\*\\*(?:${requirementWords}|${STORY})))[ \\t]*(?:[^\\p{L}\\p{N}\\s*#]{1,4}[ \\t]+)?\\**(?:(${requirementWords})[ \\t]*|(${STORY})[ \\t]+)?(${ID})(?![\\p{L}\\p{N}])\\**[.):：]?\\**(.*)$`,
  'iu',
);
const ANY_HEADING = /^(#{1,6})[ \t]/;
/** A bold line stands below every heading. */
const BOLD_LEVEL = 7;
const CRITERIA = /acceptance|criteri|criter|критери|kriteri|验收|驗收|受け?入れ?|인수|수락/i;
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
      .replace(/^[\s:：.·–—-]+/u, '')
      .trim(),
  ];
  return line.length <= LONGEST_TITLE ? line.join('') : `${line.slice(0, LONGEST_TITLE - 1).join('')}…`;
};

type Reading = {
  readonly entries: Entry[];
  whole: { readonly entry: Entry; readonly level: number } | null;
  criterion: Entry | null;
  /** The criterion is a heading: what is counted below it is a part of it. */
  isBelowHeading: boolean;
  /** The level of the heading whose clauses are defects. */
  defectLevel: number | null;
};

/** `#### AC-1 Title` below FR-1, `### REQ-1.2 Title` below REQ-1. */
const isPartOf = (whole: Entry, name: string, title: string): boolean =>
  /^AC[-_]?\d/i.test(name) ||
  ((name.startsWith(`${whole.name}.`) || name.startsWith(`${whole.name}-`)) &&
    !CRITERIA.test(title) &&
    !/user story|overview|description/i.test(title));

const openWhole = (line: string, reading: Reading): boolean => {
  const [, hashes = '', word, story, name = '', title = ''] = HEADING.exec(line) ?? [];
  if (name === '') return false;
  const level = hashes.length || BOLD_LEVEL;
  const isDefect = reading.defectLevel !== null;
  const outer = reading.whole && level > reading.whole.level ? reading.whole.entry : null;
  const entry = { name, title: oneLine(title), indent: 0, isDefect, lines: [line] };
  if (outer && word === undefined && story === undefined && isPartOf(outer, name, title)) {
    addCriterion({ ...entry, whole: outer, heading: null }, reading);
    reading.isBelowHeading = true;
    return true;
  }
  // A number alone, deeper than the requirement that it stands in, is a part of it.
  if (outer && word === undefined && /^\d/.test(name)) return false;
  const bare = /^\d/.test(name) ? 'bare' : 'lettered';
  const told = story === undefined ? bare : 'story';
  const whole: Entry = { ...entry, whole: null, heading: word === undefined ? told : 'worded' };
  reading.whole = { entry: whole, level };
  reading.criterion = null;
  reading.entries.push(whole);
  return true;
};

/** The criterion itself, and all that it stands in. */
const holdersOf = (criterion: Entry | null): readonly Entry[] =>
  criterion ? [criterion, ...holdersOf(criterion.whole)] : [];

const addLine = (line: string, reading: Reading): void => {
  const whole = reading.whole?.entry;
  for (const holder of new Set([...(whole ? [whole] : []), ...holdersOf(reading.criterion)])) holder.lines.push(line);
};

const addCriterion = (criterion: Entry, reading: Reading): void => {
  const [line = ''] = criterion.lines;
  const whole = reading.whole?.entry;
  for (const holder of new Set([...(whole ? [whole] : []), ...holdersOf(criterion.whole)])) holder.lines.push(line);
  reading.criterion = criterion;
  reading.isBelowHeading = false;
  reading.entries.push(criterion);
};

/** Further in than the criterion above it, a list is a part of that criterion, unless its items have names of their own: `REQ-1.2` below `REQ-1`. */
const openCriterion = (line: string, reading: Reading): boolean => {
  const read = parseCriterionLine(line);
  if (!read) return false;
  const { place, indent } = read;
  if (reading.isBelowHeading && reading.criterion && read.name === null) return false;
  const above = holdersOf(reading.criterion).find((holder) => indent > holder.indent + 1) ?? null;
  const isNamed = above !== null && read.name?.startsWith(`${above.name}.`);
  if (reading.criterion && above === reading.criterion && !isNamed) return false;
  const whole = reading.whole?.entry ?? null;
  const name = read.name ?? (whole && place && `${whole.name}.${place}`);
  if (!name) return false;
  const isOf = read.name === null || read.isLettered || name.startsWith(`${whole?.name}.`);
  const isDefect = reading.defectLevel !== null;
  const owner = isNamed ? above : isOf ? whole : null;
  addCriterion(
    { name, whole: owner, heading: null, title: oneLine(read.title), indent, isDefect, lines: [line] },
    reading,
  );
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
  if (whole && CRITERIA.test(line) && /^(?:#{1,6}[ \t]|[ \t]*(?:[-*+][ \t]+)?\*\*)/.test(line)) {
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
  addLine(line, reading);
};

/**
 * A heading with nothing but a number, or one that tells a story, is a requirement where criteria belong to it and no other heading says that it is one; `## 1. Introduction` is
 * none. One with letters needs a hyphen (`FR-1`) or criteria; `### HTTP2 support` is none. What has a name with letters stands by itself where its section is none.
 */
const areRequirements = (entries: readonly Entry[]): readonly Entry[] => {
  const hasWords = entries.some(({ heading }) => heading === 'worded');
  const isOne = (entry: Entry): boolean => {
    if (entry.heading === 'worded' || entry.heading === null) return true;
    if (entry.heading === 'lettered' && /[-_]/.test(entry.name)) return true;
    if (entry.heading === 'story') return !hasWords;
    const hasCriteria = entries.some(({ whole }) => whole === entry);
    return hasCriteria && (entry.heading === 'lettered' || !hasWords);
  };
  return entries.flatMap((entry) => {
    if (isOne(entry.whole ?? entry)) return [entry];
    return entry.whole && /^\p{L}+[-_]/u.test(entry.name) ? [{ ...entry, whole: null }] : [];
  });
};

const COUNTED = /^AC[-_]?\d{1,4}$/i;

/** Where each story counts its criteria from AC-1, they are called US-1.AC-1 and US-2.AC-1. */
const withNamesOfTheirOwn = (entries: readonly Entry[]): readonly Entry[] => {
  const counted = entries.filter(({ name, whole }) => whole !== null && COUNTED.test(name));
  const owners = new Map(counted.map(({ name, whole }) => [name, whole]));
  const isAnew = counted.some(({ name, whole }) => owners.get(name) !== whole);
  if (!isAnew) return entries;
  return entries.map((entry) =>
    entry.whole && COUNTED.test(entry.name) ? { ...entry, name: `${entry.whole.name}.${entry.name}` } : entry,
  );
};

/** The user story stands for a requirement without a title. */
const titleOf = ({ title, lines }: Entry): string =>
  title || oneLine(lines.slice(1).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '');

/**
 * The requirements and criteria of requirements.md or bugfix.md in their order, each name once. Numbers in code blocks are text. Headings may be of any language; the numbers decide.
 */
export const listRequirements = (text: string): readonly Requirement[] => {
  const reading: Reading = { entries: [], whole: null, criterion: null, isBelowHeading: false, defectLevel: null };
  let fenced = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const isFence = FENCE.test(line);
    if (fenced || isFence) {
      if (isFence) fenced = !fenced;
      addLine(line, reading);
    } else readLine(line, reading);
  }
  const named = new Map<string, Requirement>();
  for (const entry of withNamesOfTheirOwn(areRequirements(reading.entries)))
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

/** `US-1.AC-3` and `US-1.3` are the same criterion. */
const withoutCriterionWord = (name: string): string => name.replace(/\.AC[-_]?(?=\d)/i, '.');

/** Whether somebody who names `mention` means this requirement: it itself, the requirement that it is a criterion of, or all. */
export const isMeantBy = ({ name, parent }: Pick<Requirement, 'name' | 'parent'>, mention: string): boolean =>
  mention === ALL_REQUIREMENTS ||
  [mention, withoutWord(mention), withDot(mention)].some(
    (said) =>
      said === name ||
      (parent !== null &&
        (said === parent ||
          [withoutCriterionWord(name), withoutCriterionWord(`${parent}.${name}`)].includes(
            withoutCriterionWord(said),
          ))),
  );

/** Requirement `name` as a task writes it; null when the document has none of that name. */
export const findRequirement = (requirements: readonly Requirement[], name: string): Requirement | null => {
  if (name === ALL_REQUIREMENTS) return null;
  return (
    requirements.find((requirement) => requirement.name === name) ??
    requirements.find((requirement) => isMeantBy({ ...requirement, parent: null }, name)) ??
    requirements.find(({ name: own, parent }) => parent !== null && isMeantBy({ name: own, parent }, name)) ??
    null
  );
};
