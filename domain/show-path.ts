const MOST_SHOWN = 10;
const LONGEST_PATH = 200;

/** A file's name from outside as harmless text in one line: control and direction characters are written out, long names are cut. */
export const showPath = (path: string): string => {
  const cut = path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
  return cut.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be printed
    /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
};

/** The first names of a list, each once, and how many there are more. */
export const showPaths = (paths: readonly string[]): string => {
  const distinct = [...new Set(paths)];
  const more = distinct.length > MOST_SHOWN ? ` and ${distinct.length - MOST_SHOWN} more` : '';
  return `${distinct.slice(0, MOST_SHOWN).map(showPath).join(', ')}${more}`;
};
