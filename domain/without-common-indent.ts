/** Lines without the indentation that all of them have, and without empty ones at both ends. */
export const withoutCommonIndent = (lines: readonly string[]): string => {
  const filled = lines.filter((line) => line.trim() !== '');
  const common = filled.reduce((least, line) => Math.min(least, line.search(/\S/)), Number.MAX_SAFE_INTEGER);
  return lines
    .map((line) => line.slice(common).trimEnd())
    .join('\n')
    .trim();
};
