import { StringDecoder } from 'node:string_decoder';
import { withoutSequences } from '../../domain/terminal-sequences';

/** Characters of one line that are looked at; what is behind them is skipped. */
const LONGEST_LINE = 16_384;
/** Of a longer line less is shown than was looked at, so that a secret on the limit is not shown in part. */
const SHOWN_OF_LONG_LINE = 15_360;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Without terminal sequences and anything else that a log viewer could take for a command or a line end. */
const clean = (text: string): string => withoutSequences(text).replace(CONTROLS, '');

/** Whole lines, parted by "\n", without one at the end. `shown`: how many characters of it may be shown. */
export type Block = { readonly text: string; readonly shown: number };

/** Makes blocks of whole, clean lines of the bytes of one stream, in memory that does not grow with them. */
export const createLineReader = (onBlock: (block: Block) => void) => {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let skipping = false;

  const emit = (text: string): void => onBlock({ text: clean(text), shown: Number.POSITIVE_INFINITY });
  const take = (chunk: string): void => {
    // A CR at the end may be the first half of CRLF.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (lines.length > 0) {
      if (skipping) lines.shift();
      skipping = false;
    }
    if (lines.length > 0) emitLines(lines);
    if (rest.length <= LONGEST_LINE) return;
    if (!skipping) onBlock({ text: clean(rest.slice(0, LONGEST_LINE)), shown: SHOWN_OF_LONG_LINE });
    skipping = true;
    rest = rest.endsWith('\r') ? '\r' : '';
  };
  const emitLines = (lines: readonly string[]): void => {
    let from = 0;
    lines.forEach((line, at) => {
      if (line.length <= LONGEST_LINE) return;
      if (at > from) emit(lines.slice(from, at).join('\n'));
      onBlock({ text: clean(line.slice(0, LONGEST_LINE)), shown: SHOWN_OF_LONG_LINE });
      from = at + 1;
    });
    if (from < lines.length) emit(lines.slice(from).join('\n'));
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
