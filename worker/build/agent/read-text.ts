import { StringDecoder } from 'node:string_decoder';
import { withoutSequences } from '../../../domain/terminal-sequences';
import type { OutputReader } from '../sandbox';

/** Characters of each stream that are kept, the first ones. */
const MOST_CHARACTERS = 256 * 1024;

/** Keeps what a program prints, without terminal sequences; `isShown`: its log shows it, too. */
export const createTextReader = (
  isShown: boolean,
): OutputReader & { readonly texts: () => { stdout: string; stderr: string } } => {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  const texts = { stdout: '', stderr: '' };
  return {
    read: (chunk, stream) => {
      const text = decoders[stream].write(chunk);
      texts[stream] += text.slice(0, MOST_CHARACTERS - texts[stream].length);
      return isShown ? text : '';
    },
    end: () => '',
    texts: () => ({ stdout: withoutSequences(texts.stdout), stderr: withoutSequences(texts.stderr) }),
  };
};
