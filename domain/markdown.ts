/** GitHub refuses bodies beyond this many characters. */
export const GITHUB_BODY_LIMIT = 65_536;

/**
 * Text from outside (titles, test output, file names) as harmless Markdown in one line: it cannot close our HTML comments, mention anybody,
 * or start a table cell, a heading or a link.
 */
export const inlineText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>|#~]/g, '\\$&')
    .replace(/@(?=[A-Za-z0-9])/g, '@\u200b');

/** A fenced block that its content cannot end: the fence is longer than any run of backticks inside. */
export const codeBlock = (text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.replace(/\n+$/, '')}\n${fence}`;
};

/** Cut to the limit, at a line, with a note where the rest is. */
export const fitBody = (body: string, whereTheRestIs: string, limit = GITHUB_BODY_LIMIT): string => {
  if (body.length <= limit) return body;
  const note = `\n\n_Cut here: GitHub allows ${limit} characters. The rest is in ${whereTheRestIs}._\n`;
  const room = body.slice(0, limit - note.length - 8);
  const cut = room.slice(0, Math.max(room.lastIndexOf('\n'), 1));
  // An open code block would swallow the note.
  const fences = cut.split('\n').filter((line) => /^`{3,}/.test(line)).length;
  return `${cut}${fences % 2 === 1 ? '\n```' : ''}${note}`;
};
