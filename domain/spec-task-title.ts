export type TaskTitle = { readonly number: string | null; readonly title: string; readonly starred: boolean };

/** Titles go into one line, into an environment variable and into a commit's title. */
const LONGEST_TITLE = 300;

const oneLine = (title: string): string => {
  const characters = [...title.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').trim()];
  return characters.length <= LONGEST_TITLE ? characters.join('') : `${characters.slice(0, LONGEST_TITLE).join('')}…`;
};

/** Emphasis that opens, the word "Task", the number, punctuation, the star of optional tasks, emphasis that closes, the rest. */
const NUMBERED =
  /^(\\?\*(?!\*)|\*\*|__|~~)?(?:(?:Task|Tarea|Tarefa|Tâche|Aufgabe|任务|任務|タスク)[ \t]*(?=\d))?(\d{1,6}[a-z]?(?:\.\d{1,6}[a-z]?){0,5})([.):、．：）]?)(\\?\*(?!\*))?(\*\*|__)?([.:：])?([ \t]+|$|(?=[^\p{N}\p{Ll}\s.*]))([\s\S]*)$/u;

/** `3d`, `404s`: without a dot or punctuation a letter behind a number makes it a word. */
const isWord = (number: string, punctuation: string): boolean => /^\d+[a-z]$/.test(number) && punctuation === '';

/** What people have struck through is not to be done: it is left alone like an optional task. */
const isStruck = (opens: string | undefined, title: string): boolean =>
  (opens === '~~' && title.includes('~~')) || /^~~[^~]+~~/.test(title);

const withoutEmphasis = (title: string, opens: string | undefined, closed: boolean): string =>
  opens && !closed && title.endsWith(opens) ? title.slice(0, -opens.length) : title;

/**
 * `1.2 Title`, `1. Title`, `~~1.2 Title~~`, `**1.2** Title`, `Task 1.2: Title`, `1、Title`, `18b. Title`, and the star of optional tasks where people put it: `1.2* Title`, `*1.2 Title`.
 * Without a number of its own the item's number in an ordered list counts.
 */
export const splitTitle = (rest: string, listNumber: string | undefined): TaskTitle => {
  const match = NUMBERED.exec(rest);
  const [, opens, number = '', stop = '', star, closes, colon = '', gap = '', tail = ''] = match ?? [];
  const isGlued = gap === '' && tail !== '' && stop === '' && colon === '' && !star && !closes;
  if (!match || isGlued || isWord(number, stop + colon))
    return { number: listNumber ?? null, title: oneLine(rest), starred: isStruck(opens, rest) };
  // One star in front of the number: italics where another one closes it, else the mark of an optional task.
  const isItalic = opens === '*' && (star !== undefined || /[^\\]\*$/.test(tail));
  const leads = opens === '\\*' || (opens === '*' && !isItalic);
  const title = withoutEmphasis(tail, opens, closes !== undefined || star !== undefined);
  return {
    number,
    title: oneLine(title.replace(/^[-–—:：][ \t]+/u, '')),
    starred: leads || (star !== undefined && !isItalic) || isStruck(opens, tail),
  };
};
