import { StringDecoder } from 'node:string_decoder';

/** Characters of one line; of a longer one only the number of characters is told. */
const LONGEST_LINE = 8 * 1024 * 1024;

type Deps = {
  readonly onLine: (line: string) => void;
  readonly onTooLong: (characters: number) => void;
};

/**
 * Parts the bytes of one stream at CR and LF, in memory that does not grow with a line that never ends. Empty lines are dropped. JSON never holds either
 * character raw, and spinners overwrite their line with CR.
 */
export const createLineSplitter = ({ onLine, onTooLong }: Deps, longest = LONGEST_LINE) => {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;

  const add = (part: string): void => {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  };
  const finish = (): void => {
    if (length > longest) onTooLong(length);
    else if (length > 0) onLine(parts.join(''));
    parts = [];
    length = 0;
  };
  const take = (text: string): void => {
    const [first = '', ...rest] = text.split(/[\r\n]/);
    add(first);
    for (const part of rest) {
      finish();
      add(part);
    }
  };
  return {
    write: (chunk: Buffer): void => take(decoder.write(chunk)),
    end: (): void => {
      take(decoder.end());
      finish();
    },
  };
};
