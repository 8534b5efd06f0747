export type TaskTitle = { readonly number: string | null; readonly title: string; readonly starred: boolean };

/** What could be a number where others of its family are beside it: `T1.1`, `ENV-01`, `1-2`. Alone it may be a word: `S3 bucket`, `2-8 screenshots`. */
export type LikelyNumber = {
  readonly family: string;
  /** With dots only between the levels: `1-2` is 1.2. */
  readonly number: string;
  readonly title: string;
};

/** Titles go into one line, into an environment variable and into a commit's title. */
const LONGEST_TITLE = 300;

const oneLine = (title: string): string => {
  const visible = title.replace(/<!--(?:(?!-->).){0,200}-->|^<a [^>]{0,100}><\/a>/gu, '');
  const characters = [...visible.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').trim()];
  return characters.length <= LONGEST_TITLE ? characters.join('') : `${characters.slice(0, LONGEST_TITLE).join('')}…`;
};

/** The word "task", as it stands before a number. */
export const taskWords =
  '(?:[Tt]ask|TASK|Tarea|Tarefa|Tâche|Aufgabe|Attività|Задача|Завдання|Zadanie|Görev|Taak|Tugas|任务|任務|タスク|작업|태스크)';

/** Emphasis that opens, the word "Task", the number, punctuation, the star of optional tasks, emphasis that closes, the rest. */
const NUMBERED = new RegExp(
  `^(\\\\?\\*(?!\\*)|\\*\\*|__|~~)?(?:${taskWords}[ \\t]*#?(?=\\d))?(\\d{1,6}(?:[a-z]|[A-Z](?=[.):：]))?(?:\\.\\d{1,6}[a-z]?){0,5})((?:\\\\?[.)]|[:、．：）])?)(\\\\?\\*(?!\\*))?(\\*\\*|__)?([.:：])?([ \\t]+|$|(?=[^\\p{N}\\p{Ll}\\s.*]))([\\s\\S]*)$`,
  'u',
);

/** The same with letters in front (`T1.1`, `P1-1.7`), or a hyphen between two levels. */
const LIKELY = new RegExp(
  `^(\\*\\*|__)?(?:${taskWords}[ \\t]+)?(?:((?:[A-Z]{1,8}[-_.]?){1,2}(?:\\d{1,3}-)?)(\\d{1,6}[a-z]?(?:\\.\\d{1,6}[a-z]?){0,5})|(\\d{1,3})-(\\d{1,3}))([.):：]?)(\\*\\*|__)?([.:：]?)(?:[ \\t]+|$|(?=[（(【「［[]))([\\s\\S]*)$`,
  'u',
);

/** Digits and dots of the full width, where a number may stand. */
const WIDE = new RegExp(`^((?:\\\\?\\*|\\*\\*|__|~~)?(?:${taskWords}[ \\t]*)?)([\\d０-９][\\d０-９.．]{0,40})`, 'u');

/** `１２.１` and `(3)` as everybody else writes them. */
const plainNumber = (text: string): string =>
  text
    .replace(/^[(（]([\d０-９]{1,6}(?:[.．][\d０-９]{1,6}){0,5})[)）][ \t]*/u, '$1. ')
    .replace(WIDE, (_, before: string, number: string) => `${before}${number.normalize('NFKC')}`);

/** `3d`, `404s`: without a dot or punctuation a letter behind a number makes it a word. */
const isWord = (number: string, punctuation: string): boolean => /^\d+[a-z]$/.test(number) && punctuation === '';

/** What people have struck through is not to be done: it is left alone like an optional task. */
const isStruck = (opens: string | undefined, title: string): boolean =>
  (opens === '~~' && title.includes('~~')) || /^~~[^~]+~~/.test(title);

/** Where it opens in front of the number it may close before a remark: `**1.1 Title** (now)`. */
const withoutEmphasis = (title: string, opens: string | undefined, closed: boolean): string => {
  if (!opens || closed) return title;
  return title.endsWith(opens) ? title.slice(0, -opens.length) : title.replace(opens, '');
};

/**
 * `1.2 Title`, `1. Title`, `~~1.2 Title~~`, `**1.2** Title`, `Task 1.2: Title`, `1、Title`, `18b. Title`, `１.２ Title`, and the star of optional tasks where people put it: `1.2* Title`,
 * `*1.2 Title`. Without a number of its own the item's number in an ordered list counts.
 */
export const splitTitle = (text: string, listNumber: string | undefined): TaskTitle => {
  const rest = plainNumber(text);
  const match = NUMBERED.exec(rest);
  const [, opens, number = '', stop = '', star, closes, colon = '', gap = '', tail = ''] = match ?? [];
  const isGlued = gap === '' && tail !== '' && stop === '' && colon === '' && !star && !closes;
  if (!match || isGlued || isWord(number, stop + colon))
    return { number: listNumber ?? null, title: oneLine(text), starred: isStruck(opens, rest) };
  // One star in front of the number: italics where another one closes it, else the mark of an optional task.
  const isItalic = opens === '*' && (star !== undefined || /[^\\]\*$/.test(tail));
  const leads = opens === '\\*' || (opens === '*' && !isItalic);
  const title = withoutEmphasis(tail, opens, closes !== undefined || star !== undefined);
  return {
    number,
    title: oneLine(title.replace(/^[-–—:：|][ \t]+/u, '')),
    starred: leads || (star !== undefined && !isItalic) || isStruck(opens, tail),
  };
};

/** The number in code or in brackets: `\`1.1\` Title`, `[T001] Title`; a link is none. */
const WRAPPED =
  /^(\*\*|__)?(?:`((?:[A-Z]{1,8}-?)?\d{1,6}(?:\.\d{1,6}){0,5})`|\[((?:T|TASK-?)?\d{1,6}(?:\.\d{1,6}){0,5})\](?!\())(\*\*|__)?[.):：]?[ \t]*(.*)$/su;
/** `🔴 1. Title`, `✅ 1.1 Title`. `🚀 3 rockets` is an amount. */
const SIGNED =
  /^(?:\p{Extended_Pictographic}\uFE0F?[ \t]*){1,3}(\**\d{1,6}(?:(?:\.\d{1,6}){0,5}[.):：]|(?:\.\d{1,6}){1,5}[ \t]).*)$/su;
/** Of numbers behind signs; a digit first, so that they are taken for no letters. */
const BEHIND_SIGNS = '0`';

const behindSigns = (text: string): string | null => {
  const [, opens = '', inCode, inBrackets, closes, rest = ''] = WRAPPED.exec(text) ?? [];
  const number = inCode ?? inBrackets;
  return number === undefined ? (SIGNED.exec(text)?.[1] ?? null) : `${closes ? '' : opens}${number}. ${rest}`;
};

const lettered = (text: string): LikelyNumber | null => {
  const match = LIKELY.exec(text);
  if (!match) return null;
  const [, opens, letters, number, first, second, , closes, , tail = ''] = match;
  const title = oneLine(withoutEmphasis(tail, opens, closes !== undefined).replace(/^[-–—:：|][ \t]+/u, ''));
  return letters === undefined
    ? { family: `${first}-`, number: `${first}.${second}`, title }
    : { family: letters, number: `${letters}${number}`, title };
};

/** `T1.1 Title`, `**ENV-01**: Title`, `1-2. Title`, `[T001] Title`, `🔴 1. Title`; null where a title begins like none of them. */
export const likelyNumber = (text: string): LikelyNumber | null => {
  const inner = behindSigns(text);
  if (inner === null) return lettered(text);
  const { number, title } = splitTitle(inner, undefined);
  return lettered(inner) ?? (number === null ? null : { family: BEHIND_SIGNS, number, title });
};
