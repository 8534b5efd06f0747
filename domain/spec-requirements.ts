const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The lines from the one that matches `start` up to the next one that matches `end`. */
const linesBetween = (lines: readonly string[], start: RegExp, end: RegExp): readonly string[] => {
  const from = lines.findIndex((line) => start.test(line));
  if (from < 0) return [];
  const length = lines.slice(from + 1).findIndex((line) => end.test(line));
  return length < 0 ? lines.slice(from) : lines.slice(from, from + 1 + length);
};

const ITEM = /^\s*(?:[-*]\s+)?(?:\**\d+(?:\.\d+)*[.):]?\**\s|#{1,6}\s)/;

/**
 * What requirements.md (or bugfix.md) says about requirement `name`: all of `### Requirement 2` for `2`; of it the numbered criterion 3 for `2.3`, which may also be
 * written out as `2.3`. Null when it is not found.
 */
export const findRequirement = (text: string, name: string): string | null => {
  const lines = text.split(/\r\n|\n|\r/);
  const [whole = '', ...rest] = name.split('.');
  const heading = (number: string) =>
    new RegExp(`^#{1,6}\\s+(?:requirement\\s+)?${escapeForPattern(number)}(?![\\d.]*\\d)`, 'i');
  const item = (number: string) => new RegExp(`^\\s*(?:[-*]\\s+)?\\**${escapeForPattern(number)}[.):]?\\**\\s`);
  const level = /^#+/.exec(lines.find((line) => heading(whole).test(line)) ?? '')?.[0].length ?? 1;
  const section = linesBetween(lines, heading(whole), new RegExp(`^#{1,${level}}\\s`));
  const found =
    rest.length === 0
      ? section
      : [linesBetween(section, item(rest.join('.')), ITEM), linesBetween(lines, item(name), ITEM)].find(
          ({ length }) => length > 0,
        );
  const trimmed = found?.join('\n').trim();
  return trimmed ? trimmed : null;
};
