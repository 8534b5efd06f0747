const BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
const ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/;

/** Longer than any key in PEM: a line that only looks like the start of one must not hide the rest of a log. */
const LONGEST_KEY_LINES = 300;

/**
 * Hides the lines of private keys in a text that comes in pieces of whole lines: such a line is no secret by its own shape, only by what stands above it, which may have come
 * in an earlier piece.
 */
export const hidePrivateKeys = (): ((text: string) => string) => {
  let left = 0;
  const hideLine = (line: string): string => {
    const hidden = left > 0;
    left = Math.max(0, left - 1);
    const begins = BEGINS.test(line);
    if (begins) left = LONGEST_KEY_LINES;
    if (ENDS.test(line)) left = 0;
    return hidden || begins ? '[redacted]' : line;
  };
  return (text) => (left > 0 || text.includes('PRIVATE KEY-----') ? text.split('\n').map(hideLine).join('\n') : text);
};
