/** Where a piece of added text stands. */
export type AddedText = { readonly commit: string; readonly path: string; readonly text: string };

/** Added lines are handed on in pieces of about this size, so that a pattern may span lines … */
const PIECE = 64 * 1024;
/** … and each piece begins with the end of the one before it, so that nothing is cut in two. */
const OVERLAP = 4 * 1024;

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** A path as git writes it in a header: in quotes when it holds a quote, a backslash or a control character (git-config(1), core.quotePath). */
const pathOf = (written: string): string => {
  const [, quoted] = /^"(.*)"$/.exec(written) ?? [];
  const bytes = quoted?.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
  return Buffer.from(bytes ?? written, 'latin1')
    .toString('utf8')
    .replace(/^b\//, '');
};

/**
 * Reads the output of `git diff-tree --stdin -p` as it comes, and gives the lines that each commit adds to each file. Hunks are read by their
 * counts (`@@ -a,b +c,d @@`), so no content can pass for a header. Text is latin1: bytes one by one.
 */
export const addedLines = (onText: (added: AddedText) => void) => {
  const at = { commit: '', path: '', toRemove: 0, toAdd: 0 };
  let unread = '';
  let piece = '';

  const hand = (isLast: boolean): void => {
    if (piece !== '') onText({ commit: at.commit, path: at.path, text: piece });
    piece = isLast ? '' : piece.slice(-OVERLAP);
  };
  const readHeader = (line: string): void => {
    const [, commit] = /^([0-9a-f]{40}|[0-9a-f]{64})$/.exec(line) ?? [];
    const [, path] = /^\+\+\+ (.*?)\t?$/.exec(line) ?? [];
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (hunk) {
      at.toRemove = Number(hunk[1] ?? 1);
      at.toAdd = Number(hunk[2] ?? 1);
      return;
    }
    if (commit === undefined && path === undefined) return;
    hand(true);
    if (commit !== undefined) at.commit = commit;
    if (path !== undefined) at.path = pathOf(path);
  };
  const readLine = (line: string): void => {
    if (at.toAdd > 0 && line.startsWith('+')) {
      at.toAdd -= 1;
      piece += `${line.slice(1)}\n`;
      if (piece.length > PIECE) hand(false);
    } else if (at.toRemove > 0 && line.startsWith('-')) at.toRemove -= 1;
    else if (at.toAdd === 0 && at.toRemove === 0) readHeader(line);
  };

  return {
    read: (chunk: Buffer): void => {
      const lines = (unread + chunk.toString('latin1')).split('\n');
      unread = lines.pop() ?? '';
      for (const line of lines) readLine(line);
    },
    end: (): void => {
      readLine(unread);
      hand(true);
    },
  };
};
