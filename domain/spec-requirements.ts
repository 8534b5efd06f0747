/** `1`, `1.2`, `R3`, `REQ-4`: one requirement as a task names it. */
const NAME = /^[A-Za-z]{0,8}[-_]?\d+(?:\.\d+)*[a-z]?$/;

/** `_Requirements: 1.2, 3.1_` and `**Validates: Requirements 1.2**`, whose words may be of any language. */
const LINES = [/\b(?:requirements?|validates?)[_*]{0,3}\s{0,3}[:：](.+)$/gim, /_[^_:：\n]{1,40}[:：]\s*([^_\n]+)_/g];

/** The requirements that the lines below a task name, each once, in their order. */
export const readRequirements = (details: string): readonly string[] => {
  const names = LINES.flatMap((pattern) => [...details.matchAll(pattern)]).flatMap(([, list = '']) =>
    list
      .replace(/[_*]/g, ' ')
      .split(/[,;、，；\s]+/)
      .map((name) => name.replace(/\.$/, ''))
      .filter((name) => NAME.test(name)),
  );
  return [...new Set(names)];
};

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
