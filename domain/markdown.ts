import { withoutSequences } from './terminal-sequences';

/** GitHub refuses bodies beyond this many characters. */
export const GITHUB_BODY_LIMIT = 65_536;

const LONGEST_INLINE = 500;

/** Control, zero-width and direction characters, which can hide text or make it look like another, and halves of characters. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** The first `limit` characters, never half of a surrogate pair. */
export const cutText = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;

/** Visible characters and line ends: nothing that a terminal acts upon. */
export const visibleText = (text: string): string =>
  withoutSequences(text).replace(/\r\n?/g, '\n').replace(INVISIBLE, '');

/** One line of visible characters. */
export const plainLine = (text: string): string =>
  withoutSequences(text).replace(/\s+/g, ' ').replace(INVISIBLE, '').trim();

const oneLine = (text: string): string => cutText(plainLine(text), LONGEST_INLINE);

/**
 * Text from outside in which GitHub finds nothing to act upon, in Markdown and in commit messages alike: no mention, no issue to refer to or close, no address,
 * and no word that keeps CI from running. It reads as before: what is put in between is not seen.
 */
export const inertText = (text: string): string =>
  text
    .replace(/@(?=[A-Za-z0-9])/g, '@\u200b')
    .replace(/#(?=\d)/g, '#\u200b')
    .replace(/GH-(?=\d)/gi, '$&\u200b')
    .replace(/:\/\//g, ':\u200b//')
    .replace(/www\./gi, 'www\u200b.')
    .replace(/\[(?=(?:skip|no|ci|actions)[ -](?:ci|skip|actions)\])/gi, '[\u200b')
    .replace(/\*\*\*(?=NO_CI\*\*\*)/gi, '***\u200b');

/**
 * Text from outside (titles, test output, file names) as harmless Markdown in one line of at most 500 characters. It cannot close our HTML comments, start
 * a table cell, a heading, a link or a formula; and it is no mention, no reference to an issue and no address, which GitHub would
 * otherwise find in the rendered text and act upon.
 */
export const inlineText = (text: string): string => inertText(oneLine(text).replace(/[\\`*_{}[\]<>|#~&$]/g, '\\$&'));

/** A code span that its content cannot end, also inside a table. */
export const codeSpan = (text: string): string => {
  const content = oneLine(text).replace(/`/g, "'").replace(/\|/g, '\\|');
  return content === '' ? '–' : `\`${content}\``;
};

/** A fenced block that its content cannot end: the fence is longer than any run of backticks inside. Colours of terminals are taken out. */
export const codeBlock = (text: string): string => {
  const content = visibleText(text).trimEnd();
  const longest = (content.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${content}\n${fence}`;
};

/** The first `limit` of `lines`, and a line that says how many there are. */
export const fewLines = (lines: readonly string[], limit: number, rest: (left: number) => string): readonly string[] =>
  lines.length <= limit ? lines : [...lines.slice(0, limit), rest(lines.length - limit)];

/** What has to be written so that a text which is cut here swallows nothing that follows. */
const openEnds = (text: string): string => {
  let fence = '';
  let details = 0;
  for (const line of text.split('\n')) {
    const run = /^`{3,}/.exec(line)?.[0] ?? '';
    if (fence === '') {
      fence = run;
      if (line.startsWith('<details>')) details += 1;
      if (line.startsWith('</details>')) details -= 1;
    } else if (run.length >= fence.length && line.trimEnd() === run) fence = '';
  }
  return (fence && `\n${fence}`) + '\n\n</details>'.repeat(Math.max(0, details));
};

/** Cut to the limit, at a line where there is one, with a note where the rest is. */
export const fitBody = (body: string, whereTheRestIs: string, limit = GITHUB_BODY_LIMIT): string => {
  if (body.length <= limit) return body;
  const note = `\n\n_Cut here: GitHub allows ${GITHUB_BODY_LIMIT} characters. The rest is in ${whereTheRestIs}._\n`;
  // A fence may be as long as the longest run of backticks, so its room is known only when the cut is.
  for (let room = limit - note.length; room > 0; room -= 1_000) {
    const whole = cutText(body, room);
    const atLine = whole.lastIndexOf('\n');
    const cut = atLine > room / 2 ? whole.slice(0, atLine) : whole;
    const fitted = cut + openEnds(cut) + note;
    if (fitted.length <= limit) return fitted;
  }
  return note;
};
