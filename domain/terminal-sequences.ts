/**
 * What a program writes for the terminal and not for people (ECMA-48): CSI (colours, cursor), OSC (titles, links) and escapes of two or three characters. Each piece is bounded and ends
 * where another begins, so that text from outside takes time in proportion to its length (the pattern of `util.stripVTControlCharacters` takes its square). Characters that are
 * markup in XML end no sequence: one that was cut off takes nothing of what stands behind it.
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin and end with them
  /(?:\x1b\[|\x9b)[0-9;:?]{0,64}[ -%'-/]{0,4}[@-Z^-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9b-\x9d<]{0,4096}(?:\x07|\x1b\\|\x9c)|\x1b[ -%'-/]{0,4}[0-;=?-Z\\^-~]/g;

/** The text without sequences for the terminal. */
export const withoutSequences = (text: string): string => text.replace(SEQUENCES, '');
