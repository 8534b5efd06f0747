/** A heading of tasks.md, with everything down to the next one that is no lower. */
export type Heading = {
  readonly level: number;
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  /** The nearest higher heading above. */
  readonly parent: Heading | null;
  readonly below: string[];
};

const HEADING = /^(#{1,6})[ \t]+(.*)$/;

/** The heading that this line is, below the one that was open before it; null when it is none. */
export const headingOf = (text: string, line: number, before: Heading | null): Heading | null => {
  const [, hashes, title = ''] = HEADING.exec(text) ?? [];
  if (hashes === undefined) return null;
  let parent = before;
  while (parent && parent.level >= hashes.length) parent = parent.parent;
  return {
    level: hashes.length,
    text: title
      .trimEnd()
      .replace(/(?<![ \t])[ \t]+#+$/, '')
      .trim(),
    line,
    parent,
    below: [],
  };
};

/** The heading and those above it, from below. */
export const chainOf = (heading: Heading | null): readonly Heading[] =>
  heading ? [heading, ...chainOf(heading.parent)] : [];
