import { withoutSequences } from '../terminal-sequences';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML does not allow
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
/** References to the same characters, which XML 1.0 does not allow either. */
const REFERENCE = /&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));/g;
/** What may be the beginning of a reference or of a colour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
const OPEN_END = /(?:&[#xX0-9a-fA-F]{0,10}|\x1b[[0-9;]{0,20})$/;

/**
 * Takes out of text, piece by piece, what XML does not allow and a terminal does not show: colours and other control characters, which test runners write into names and
 * messages as they come.
 */
export const mendControls = (): { readonly mend: (text: string) => string; readonly end: () => string } => {
  let rest = '';
  const clean = (text: string): string => withoutSequences(text).replace(FORBIDDEN, '').replace(REFERENCE, '');
  return {
    mend: (text) => {
      const whole = rest + text;
      rest = OPEN_END.exec(whole)?.[0] ?? '';
      return clean(whole.slice(0, whole.length - rest.length));
    },
    end: () => clean(rest),
  };
};
