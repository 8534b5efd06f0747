import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Characters of one line that are kept. What is behind the limit is never shown, so that a secret on the limit is not shown in part. */
const LONGEST_LINE = 16_384;
const SHOWN_OF_LONG_LINE = 15_360;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Without terminal sequences and anything else that a log viewer could take for a command or a line end. */
const clean = (line: string): string => stripVTControlCharacters(line).replace(CONTROLS, '');

/**
 * Makes lines of the bytes of one stream, in memory that does not grow with them. `onLine` gets each line clean, and how many
 * characters of it may be shown.
 */
export const createLineReader = (onLine: (line: string, shown: number) => void) => {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let skipping = false;

  const emit = (line: string) => onLine(clean(line), Number.POSITIVE_INFINITY);
  const take = (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!skipping) emit(line);
      skipping = false;
    }
    if (rest.length <= LONGEST_LINE) return;
    if (!skipping) onLine(clean(rest.slice(0, LONGEST_LINE)), SHOWN_OF_LONG_LINE);
    skipping = true;
    rest = rest.endsWith('\r') ? '\r' : '';
  };
  return {
    write: (chunk: Buffer): void => take(decoder.write(chunk)),
    end: (): void => {
      take(decoder.end());
      if (rest !== '' && !skipping) emit(rest.replace(/\r$/, ''));
      rest = '';
    },
  };
};
