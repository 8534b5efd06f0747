import { styleText } from 'node:util';

export type Paint = {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
};

/** Colours for a terminal, or the text as it is (a pipe, NO_COLOR). */
export const createPaint = (colors: boolean): Paint => {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    // Whether to colour is decided once, for stdout, in bin.ts.
    colors ? styleText(format, text, { validateStream: false }) : text;
  return { good: paint('green'), bad: paint('red'), warn: paint('yellow'), faint: paint('dim'), strong: paint('bold') };
};
