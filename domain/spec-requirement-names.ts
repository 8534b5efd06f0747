/** `1`, `1.2`, `1b.3`, `27A.4`, `5.B.1`, `R3`, `REQ-4`, `FR-A1`, `US-1.AC-3`: one requirement as a task or a test names it. */
const NAME =
  /(?:[A-Za-z]{1,12}[-_]){0,3}[A-Za-z]{0,4}\d{1,6}[A-Za-z]?(?:\.(?:(?:[A-Za-z]{1,4}-?)?\d{1,6}[A-Za-z]?|[A-Z](?![\p{L}\p{N}]))){0,5}(?![\p{L}\p{N}])/uy;
/** `ST-1-2`, `US1-1`: the second criterion of ST-1, and no range. `R1-3` and `REQ-1-REQ-3` are ranges. */
const HYPHENATED = /(?:[A-Za-z]{1,12}[-_][A-Za-z]{0,4}\d{1,6}|(?:US|UC|AC|ST)\d{1,6})-\d{1,6}(?![\p{L}\p{N}.-])/uy;

/** What a task names that is about everything: `_Requirements: All_`. */
export const ALL_REQUIREMENTS = 'All';

/** The word for requirements in the languages in which specs are written; a piece of a regular expression, flags `iu`. */
export const requirementWords =
  '(?:requirements?|acceptance criteri(?:a|on)|需求|要件|要求|요구 ?사항|anforderung(?:en)?|exigences?|requisitos?|requisit[oi]|требовани[яйе]|вимог[иа]|wymagania?|gereksinim(?:ler)?|vereisten?|yêu cầu|persyaratan|krav|požadav(?:ek|ky)|követelmény(?:ek)?|cerințe|المتطلبات|المتطلب|متطلبات|reqs?(?![\\p{L}\\p{N}_-]))';
const VALIDATES =
  '(?:validates?|verifies|covers|satisfies|addresses|traces(?: to)?|验证|驗證|検証(?:対象)?|검증|validiert|prüft|valida|valide|vérifie|проверяет|weryfikuje)';
const DECORATION = '[ \\t*_]{0,4}';
/** `Requirements Reference:`, `Requirements covered:`. */
const OF_REQUIREMENTS = '(?:[ \\t]+(?:references?|refs?|trace(?:ability)?|coverage|covered|addressed|met))?';
const COLON = `${DECORATION}[:：]${DECORATION}`;

/** `_Requirements: `, `**Validates: Requirements `, `**验证需求: `, `[Requirement `, and a plain `requirement ` in a sentence: what follows is a list. */
const MENTION = new RegExp(
  `(?<![\\p{L}\\p{N}]|[\\p{L}\\p{N}]_)(?:${VALIDATES}(?:${COLON})?(?:${requirementWords})(?:${COLON}|${DECORATION})|${VALIDATES}${COLON}|${requirementWords}(?:${OF_REQUIREMENTS}${COLON}|[ \\t]*))`,
  'giu',
);

/** `_Krav til noe: 1.2, 3.1_`: a label of a language that we do not know, with nothing but criteria behind it. */
const UNKNOWN_LABEL =
  /(?<![\p{L}\p{N}_])_([\p{L}\p{M} ]{2,40})[:：][ \t]*(\d{1,4}\.\d{1,4}(?:[ \t]*[,、，][ \t]*\d{1,4}\.\d{1,4})*)_/gu;
/** Labels of that form which name other tasks, versions or parts of the design. */
const OTHER_LABEL =
  /depend|block|after|design|propert|task|version|node|python|java|part|section|step|see|依存|依赖|依賴|設計|设计|의존|설계|abhängig|entwurf|dépend|conception|tarea|tarefa/iu;

/** `Implements: DES-1, REQ-2.1`: words that name other things, too. */
const NAMED_LABEL = new RegExp(`(?<![\\p{L}\\p{N}])(?:implements?|fulfil?ls?|refs?|references?)${COLON}`, 'giu');
/** Letters of names that nobody gives to anything else; a piece of a regular expression. */
export const requirementLetters = 'N?FR|REQ|US|UC|BR|SR';
const IS_REQUIREMENT = new RegExp(`^(?:${requirementLetters}|AC)[-_]`);

/** What may stand before a name in a list: `User Story 3`, `clauses 1.1-1.4`, `AC 1.2`. */
const LEAD = new RegExp(
  `(?:${requirementWords}|(?:user[ \\t]+)?stor(?:y|ies)|clauses?|AC(?=[ \\t]+\\d))(?:${COLON}|[ \\t]*)`,
  'iuy',
);
const ALL_WORDS = `(?:all|alle|alla|todos|todas|tous|toutes|tutti|todo|все|всі|усі|wszystkie|všechny|tất cả|semua|tümü|tüm|جميع|全部|所有|全て|すべて|全|모든|모두)`;
/** `All (1.1-3.4)`, `All requirements (REQ-1, REQ-2)`: what it means stands there. */
const ALL = new RegExp(`(?:${ALL_WORDS}(?:[ \\t]*${requirementWords})?)?[ \\t]*[（(]?`, 'iuy');
/** `All`, and nothing more; `All requirements`, and words that name none. */
const ALL_OF_THEM = new RegExp(
  `${ALL_WORDS}(?:[ \\t]*(?=[_*.。,，;|)\\]\\n]|$)|[ \\t]*${requirementWords}(?![^_*|)\\]\\n]{0,120}(?:\\d|\\b(?:except|but)\\b|außer|除|の基盤)))`,
  'iuy',
);
const SEPARATOR =
  /\.?[ \t]*[,;、，；/&+]\s*(?:(?:and|und|et|y|e)[ \t]+)?|[ \t]+(?:and|und|et|y|e|og|och)[ \t]+|[ \t]*(?:和|及|与|と|및)[ \t]*|[ \t]+/uy;
const RANGE = /[ \t]*(?:[-–—~～〜…]|\.{2,3}|至|到|から)[ \t]*|[ \t]+(?:to|through|thru|bis|a|à)[ \t]+/uy;
/** `2.*`: all of 2. */
const WILDCARD = /\.(?:\\?\*|x\b)/uy;
/** `[1.1](requirements.md)`, `\`1.2\``, `§1.2`, `#3`. */
const OPENS = /["'`[]?(?:[§#][ \t]?)?/uy;
const CLOSES = /(?:["'`]|\](?:\([^)\n]{0,300}\))?)?/uy;
const BRACKETS = /[ \t]*[（(][^)）\n]{0,200}[)）]/uy;
/** Between a requirement and those of its criteria that are meant. */
const CRITERIA =
  /[ \t]*[,，]?[ \t]*[（(]?(?:AC|acceptance criteri(?:a|on)|criteri(?:a|on))s?[ \t#:]+(?=\d)|[ \t]*[（(]?AC[-_]?(?=\d{1,4}(?!\.?\d))/iuy;
const CRITERION_AGAIN = /(?:AC[-_# \t]?)?/iuy;
const CRITERION = /\d{1,4}(?:\.\d{1,4})?(?![\p{L}\p{N}.]\d)/uy;
const CLOSING_BRACKET = /[ \t]*[)）]/uy;
/** What else stands between two names of a list: the title of a requirement, up to the next comma. A quotation mark ends a string of a program, and the list with it. */
const ASIDE = /(?:[^,;、，；\n_*\]'"`]|'(?=\p{L})){1,120}[,;、，；]\s*/uy;

/** The same before the first name, where a number would be part of a sentence. */
const FIRST_ASIDE = /[^,;、，；\n_*\]\d]{1,120}[,;、，；]\s*/uy;
/** Behind a label, where criteria follow: `_需求: 全局约束 2, 6.3_`. */
const ASIDE_OF_LABEL = /[^,;、，；\n_*\]]{1,120}[,;、，；]\s*(?=\d{1,4}\.\d)/uy;

/** A label with its list on the lines below: `_Requirements:_`, then `- 1.1 …`. */
const LIST_BELOW = /[_* \t]*\r?\n(?=[ \t]*[-*+][ \t]+\S)/uy;
const BULLET = /[ \t]*[-*+][ \t]+/uy;
const REST_OF_LINE = /[^\n]*(?:\n|$)/uy;

const LONGEST_RANGE = 60;

const at = (pattern: RegExp, text: string, place: number): string => {
  pattern.lastIndex = place;
  return pattern.exec(text)?.[0] ?? '';
};

const count = (from: number, to: number, name: (number: number) => string): readonly string[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => name(from + index));

/** `1.1` to `3.2`: all of 1 and 2, and the first two of 3. Where it does not begin with the first, nobody can say what it ends 1 with. */
const acrossWholes = (first: string, last: string): readonly string[] | null => {
  const [, from = '', begin = ''] = /^(\d{1,3})\.(\d{1,3})$/.exec(first) ?? [];
  const [, to = '', end = ''] = /^(\d{1,3})\.(\d{1,3})$/.exec(last) ?? [];
  const isRange =
    Number(to) > Number(from) && Number(to) - Number(from) <= LONGEST_RANGE && Number(end) <= LONGEST_RANGE;
  if (from === '' || to === '' || !isRange) return null;
  const wholes = count(Number(from) + 1, Number(to) - 1, String);
  return [begin === '1' ? from : first, ...wholes, ...count(1, Number(end), (number) => `${to}.${number}`)];
};

/** `1.2` to `1.4` is three names; where the ends have nothing in common, the two ends. */
const between = (first: string, last: string): readonly string[] => {
  const [, head = '', from = ''] = /^(.*?)(\d+)$/.exec(first) ?? [];
  const [, tail = '', to = ''] = /^(.*?)(\d+)$/.exec(last) ?? [];
  const length = Number(to) - Number(from);
  if (from === '' || (tail !== head && tail !== '')) return acrossWholes(first, last) ?? [first, last];
  if (!(length > 0 && length <= LONGEST_RANGE)) return [first, last];
  const digits = from.startsWith('0') ? from.length : 0;
  return count(Number(from), Number(to), (number) => head + String(number).padStart(digits, '0'));
};

type Piece = { readonly names: readonly string[]; readonly end: number };

/** `Requirement 1, AC 2` is 1.2, and `US-1 (AC 1-3, 5)` are four. */
const readCriteria = (whole: string, text: string, start: number): Piece | null => {
  const lead = at(CRITERIA, text, start);
  if (lead === '') return null;
  const inBrackets = /[（(]/u.test(lead);
  const names: string[] = [];
  let place = start + lead.length;
  for (;;) {
    place += at(CRITERION_AGAIN, text, place).length;
    const first = at(CRITERION, text, place);
    if (first === '') break;
    const range = at(RANGE, text, place + first.length);
    const last = range === '' ? '' : at(CRITERION, text, place + first.length + range.length);
    names.push(...(last === '' ? [first] : between(first, last)));
    place += last === '' ? first.length : first.length + range.length + last.length;
    const on = inBrackets ? at(SEPARATOR, text, place) : '';
    if (on === '') break;
    place += on.length;
  }
  // `AC 1.1, AC 1.2` are two, and neither belongs to the other.
  if (names.length === 0 || names.some((name) => name.includes('.') && !name.startsWith(`${whole}.`))) return null;
  // Some write the whole name of the criterion again: `Requirement 1, AC 1.2`.
  return {
    names: names.map((name) => (name.includes('.') ? name : `${whole}.${name}`)),
    end: place + (inBrackets ? at(CLOSING_BRACKET, text, place).length : 0),
  };
};

/** `Requirement 1 (1.1, 1.2)` is the two criteria; any other remark says nothing about the name. */
const withCriteria = (name: string, remark: string): readonly string[] => {
  const criteria = remark.match(/[^\s,、，()（）]+/gu) ?? [];
  const isOf = (criterion: string) => criterion.startsWith(`${name}.`) && /^\d{1,4}\.\d{1,4}$/.test(criterion);
  return criteria.length > 0 && criteria.every(isOf) ? criteria : [name];
};

/** One name, or a range of them, with the remark in brackets behind it; null where there is none. */
const readPiece = (text: string, from: number): Piece | null => {
  const start = from + at(OPENS, text, from).length;
  const name = at(HYPHENATED, text, start) || at(NAME, text, start);
  if (name === '') return null;
  const end = start + name.length + at(CLOSES, text, start + name.length).length;
  const range = at(RANGE, text, end);
  const lead = range === '' ? '' : at(LEAD, text, end + range.length);
  const last = range === '' ? '' : at(NAME, text, end + range.length + lead.length);
  const wildcard = at(WILDCARD, text, end).length;
  const after = last === '' ? end + wildcard : end + range.length + lead.length + last.length;
  const names = last === '' ? [name] : between(name, last);
  const closed = after + at(CLOSES, text, after).length;
  const criteria = last === '' ? readCriteria(name, text, closed) : null;
  if (criteria) return criteria;
  const remark = at(BRACKETS, text, closed);
  return { names: last === '' ? withCriteria(name, remark) : names, end: closed + remark.length };
};

/** Of each line of a list its first name. */
const readBelow = (text: string, start: number): Piece => {
  const names: string[] = [];
  let place = start;
  for (;;) {
    const bullet = at(BULLET, text, place);
    const piece =
      bullet === '' ? null : readPiece(text, place + bullet.length + at(LEAD, text, place + bullet.length).length);
    if (!piece) return { names, end: place };
    names.push(...piece.names);
    place = piece.end + at(REST_OF_LINE, text, piece.end).length;
  }
};

/** What is named from here on is something else: `3.1; Properties: P1, 4`. */
const OF_OTHERS =
  /(?:propert(?:y|ies)|design|steering|tasks?|属性|设计|設計|プロパティ)[ \t]*(?:[:：#§]|[A-Z]{0,4}-?\d)/iu;

/** The names from `start` on, up to something that is no part of a list. */
const readList = (text: string, start: number, isLabel: boolean): Piece => {
  const below = isLabel ? at(LIST_BELOW, text, start) : '';
  if (below !== '') return readBelow(text, start + below.length);
  const all = isLabel ? at(ALL_OF_THEM, text, start) : '';
  if (all !== '') return { names: [ALL_REQUIREMENTS], end: start + all.length };
  const names: string[] = [];
  let place = start + at(ALL, text, start).length;
  for (;;) {
    place += at(LEAD, text, place).length;
    const piece = readPiece(text, place);
    names.push(...(piece?.names ?? []));
    place = piece?.end ?? place;
    const aside = () =>
      names.length > 0
        ? at(ASIDE, text, place)
        : at(FIRST_ASIDE, text, place) || (isLabel ? at(ASIDE_OF_LABEL, text, place) : '');
    const on = piece ? at(SEPARATOR, text, place) : aside();
    if (!on || (!piece && OF_OTHERS.test(on))) return { names, end: place };
    place += on.length;
  }
};

/** `Reject it (FR-3, FR-4)`, `[REQ-1.2]`: brackets with nothing else in them. */
const IN_BRACKETS = new RegExp(
  `[[(（]((?:(?:${requirementLetters})[-_](?:[A-Z]{1,8}[-_])?\\d{1,4}(?:\\.\\d{1,4}){0,3}(?:[ \\t]*(?:[,;、/–-]|and)[ \\t]*)?){1,20})[\\])）]`,
  'gu',
);

const WITH_WORD = new RegExp(requirementWords, 'iu');
/** `Covers: 3 endpoints` names none. */
const AMOUNT = /\d{1,6}[ \t]+(?!(?:and|und|et|y|e|og|och|to|bis)[ \t])\p{L}/uy;

/** `１．２` is `1.2`. */
const withPlainDigits = (text: string): string =>
  text.replace(/[０-９．]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

/**
 * The requirements that a text names, each once, in their order: `_Requirements: 1.2, 3.1-3.4_`, `**Validates: Requirements 1.2**`, `[Requirement 4]`, in the languages in which
 * specs are written. Names of other things (tasks waited for, parts of the design) are none.
 */
export const readRequirements = (written: string): readonly string[] => {
  const text = withPlainDigits(written);
  const names: string[] = [];
  let read = 0;
  for (const { index, 0: mention } of text.matchAll(MENTION)) {
    if (index < read) continue;
    if (!WITH_WORD.test(mention) && at(AMOUNT, text, index + mention.length) !== '') continue;
    const list = readList(text, index + mention.length, /[:：]/u.test(mention));
    names.push(...list.names);
    read = list.end;
  }
  for (const { index, 0: label } of text.matchAll(NAMED_LABEL))
    names.push(...readList(text, index + label.length, false).names.filter((name) => IS_REQUIREMENT.test(name)));
  for (const [, list = ''] of text.matchAll(IN_BRACKETS)) names.push(...readList(list, 0, false).names);
  for (const [, label = '', list = ''] of text.matchAll(UNKNOWN_LABEL))
    if (!OTHER_LABEL.test(label)) names.push(...readList(list, 0, false).names);
  return [...new Set(names)];
};

/** `… — _Requirements: 1.2_`, `… (Requirements: 1.2)`. */
const AT_THE_END = new RegExp(
  `[ \\t]*(?:[-—–·|][ \\t]*)?(?:[_*]{1,3}|[(（[])(?:${VALIDATES}${COLON}(?:${requirementWords}[ \\t]+)?|${requirementWords}${OF_REQUIREMENTS}${COLON})[^_*()（）[\\]]{1,200}(?:[_*]{1,3}|[)）\\]])[ \\t.]*$`,
  'iu',
);

/** A title without the requirements that stand at its end: they are told apart, and a commit has to say what was done. */
export const withoutRequirements = (title: string): string => title.replace(AT_THE_END, '') || title;

const LABEL = new RegExp(
  `^[*_ \\t]*(?:${VALIDATES}[*_ \\t]*[:：]|(?:${VALIDATES}[ \\t:：*_]*)?${requirementWords}${OF_REQUIREMENTS}[*_ \\t]*[:：])`,
  'iu',
);

/** Whether a line says nothing but which requirements are meant. */
export const isRequirementLabel = (line: string): boolean => LABEL.test(line) && readRequirements(line).length > 0;
