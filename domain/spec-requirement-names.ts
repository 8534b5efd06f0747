/** `1`, `1.2`, `1b.3`, `R3`, `REQ-4`, `FR-A1`, `US-1.AC-3`: one requirement as a task or a test names it. */
const NAME =
  /(?:[A-Za-z]{1,12}[-_]){0,2}[A-Za-z]{0,4}\d{1,6}[a-z]?(?:\.(?:[A-Za-z]{1,4}-?)?\d{1,6}[a-z]?){0,5}(?![\p{L}\p{N}])/uy;

/** The word for requirements in the languages in which specs are written; a piece of a regular expression, flags `iu`. */
export const requirementWords =
  '(?:requirements?|acceptance criteri(?:a|on)|需求|要件|要求|요구 ?사항|anforderung(?:en)?|exigences?|requisitos?|requisit[oi]|требовани[яйе]|вимог[иа]|wymagania?|gereksinim(?:ler)?|vereisten?|yêu cầu|persyaratan|krav|požadav(?:ek|ky)|követelmény(?:ek)?|cerințe|reqs?(?![\\p{L}\\p{N}_-]))';
const VALIDATES =
  '(?:validates?|verifies|covers|验证|驗證|検証(?:対象)?|검증|validiert|prüft|valida|valide|vérifie|проверяет|weryfikuje)';
const DECORATION = '[ \\t*_]{0,4}';
const COLON = `${DECORATION}[:：]${DECORATION}`;

/** `_Requirements: `, `**Validates: Requirements `, `**验证需求: `, `[Requirement `, and a plain `requirement ` in a sentence: what follows is a list. */
const MENTION = new RegExp(
  `(?<![\\p{L}\\p{N}]|[\\p{L}\\p{N}]_)(?:${VALIDATES}(?:${COLON})?(?:${requirementWords})(?:${COLON}|${DECORATION})|${VALIDATES}${COLON}|${requirementWords}(?:${COLON}|[ \\t]*))`,
  'giu',
);

/** `_Krav til noe: 1.2, 3.1_`: a label of a language that we do not know, with nothing but criteria behind it. */
const UNKNOWN_LABEL =
  /(?<![\p{L}\p{N}_])_([\p{L} ]{2,40})[:：][ \t]*(\d{1,4}\.\d{1,4}(?:[ \t]*[,、，][ \t]*\d{1,4}\.\d{1,4})*)_/gu;
/** Labels of that form which name other tasks, versions or parts of the design. */
const OTHER_LABEL =
  /depend|block|after|design|propert|task|version|node|python|java|part|section|step|see|依存|依赖|依賴|設計|设计|의존|설계|abhängig|entwurf|dépend|conception|tarea|tarefa/iu;

const LEAD = new RegExp(`${requirementWords}(?:${COLON}|[ \\t]*)`, 'iuy');
/** `All (1.1-3.4)`. */
const ALL = /(?:all|alle|全部|すべて)?[ \t]*[（(]?/iuy;
const SEPARATOR =
  /\.?[ \t]*[,;、，；/&+]\s*(?:(?:and|und|et|y|e)[ \t]+)?|[ \t]+(?:and|und|et|y|e|og|och)[ \t]+|[ \t]*(?:和|及|与|と|및)[ \t]*|[ \t]+/uy;
const RANGE = /[ \t]*(?:[-–—~～〜]|至|到|から)[ \t]*|[ \t]+(?:to|through|thru|bis|a|à)[ \t]+/uy;
/** `2.*`: all of 2. */
const WILDCARD = /\.(?:\\?\*|x\b)/uy;
const BRACKETS = /[ \t]*[（(][^)）\n]{0,200}[)）]/uy;
/** What else stands between two names of a list: the title of a requirement, up to the next comma. */
const ASIDE = /[^,;、，；\n_*\]]{1,120}[,;、，；]\s*/uy;

/** The same before the first name, where a number would be part of a sentence. */
const FIRST_ASIDE = /[^,;、，；\n_*\]\d]{1,120}[,;、，；]\s*/uy;

const LONGEST_RANGE = 60;

const at = (pattern: RegExp, text: string, place: number): string => {
  pattern.lastIndex = place;
  return pattern.exec(text)?.[0] ?? '';
};

/** `1.2` to `1.4` is three names; where the ends have nothing in common, the two ends. */
const between = (first: string, last: string): readonly string[] => {
  const [, head = '', from = ''] = /^(.*?)(\d+)$/.exec(first) ?? [];
  const [, tail = '', to = ''] = /^(.*?)(\d+)$/.exec(last) ?? [];
  const count = Number(to) - Number(from);
  if (from === '' || (tail !== head && tail !== '') || !(count > 0 && count <= LONGEST_RANGE)) return [first, last];
  return Array.from({ length: count + 1 }, (_, index) => `${head}${Number(from) + index}`);
};

type Piece = { readonly names: readonly string[]; readonly end: number };

/** One name, or a range of them, with the remark in brackets behind it; null where there is none. */
const readPiece = (text: string, start: number): Piece | null => {
  const name = at(NAME, text, start);
  if (name === '') return null;
  const end = start + name.length;
  const range = at(RANGE, text, end);
  const lead = range === '' ? '' : at(LEAD, text, end + range.length);
  const last = range === '' ? '' : at(NAME, text, end + range.length + lead.length);
  const wildcard = at(WILDCARD, text, end).length;
  const after = last === '' ? end + wildcard : end + range.length + lead.length + last.length;
  const names = last === '' ? [name] : between(name, last);
  return { names, end: after + at(BRACKETS, text, after).length };
};

/** The names from `start` on, up to something that is no part of a list. */
const readList = (text: string, start: number): Piece => {
  const names: string[] = [];
  let place = start + at(ALL, text, start).length;
  for (;;) {
    place += at(LEAD, text, place).length;
    const piece = readPiece(text, place);
    names.push(...(piece?.names ?? []));
    place = piece?.end ?? place;
    const on = piece ? at(SEPARATOR, text, place) : at(names.length > 0 ? ASIDE : FIRST_ASIDE, text, place);
    if (!on) return { names, end: place };
    place += on.length;
  }
};

/**
 * The requirements that a text names, each once, in their order: `_Requirements: 1.2, 3.1-3.4_`, `**Validates: Requirements 1.2**`, `[Requirement 4]`, in the languages in which
 * specs are written. Names of other things (tasks waited for, parts of the design) are none.
 */
export const readRequirements = (text: string): readonly string[] => {
  const names: string[] = [];
  let read = 0;
  for (const { index, 0: mention } of text.matchAll(MENTION)) {
    if (index < read) continue;
    const list = readList(text, index + mention.length);
    names.push(...list.names);
    read = list.end;
  }
  for (const [, label = '', list = ''] of text.matchAll(UNKNOWN_LABEL))
    if (!OTHER_LABEL.test(label)) names.push(...readList(list, 0).names);
  return [...new Set(names)];
};
