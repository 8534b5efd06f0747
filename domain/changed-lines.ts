import * as z from 'zod';
import type { LineSet } from './coverage-reports/line-set';
import type { CoverageData } from './coverage-reports/read-coverage';

const lineNumber = z.number().int().positive();
/** First and last line. */
export const lineRangeSchema = z.tuple([lineNumber, lineNumber]);
export type LineRange = z.infer<typeof lineRangeSchema>;

/** What the pull request adds or changes, as the trusted side reads it from git, and the files that paths of reports are mapped onto. */
export const changedLinesSchema = z.strictObject({
  version: z.literal(1),
  /** Where base and result part, and the result. */
  from: z.string(),
  to: z.string(),
  files: z.array(z.strictObject({ path: z.string(), ranges: z.array(lineRangeSchema) })),
  repositoryFiles: z.array(z.string()),
});
export type ChangedLines = z.infer<typeof changedLinesSchema>;

/** How much of the changed lines that a report measures was executed. */
export type ChangedCoverage = {
  readonly covered: number;
  readonly total: number;
  readonly uncovered: readonly { readonly path: string; readonly ranges: readonly LineRange[] }[];
  /** Changed files of a kind that the report measures, which it does not name: nobody knows whether they are tested. */
  readonly unmeasured: readonly string[];
  /** Changed files of which the report has only sums, or that it names so that they cannot be told from others. */
  readonly unclear: readonly string[];
};

const joined = (lines: readonly number[]): readonly LineRange[] => {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && last[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
};

const look = (ranges: readonly LineRange[], lines: LineSet) => {
  const uncovered: number[] = [];
  let total = 0;
  for (const [first, last] of ranges)
    for (let line = first; line <= Math.min(last, lines.last); line += 1) {
      const isHit = lines.isHit(line);
      if (isHit === null) continue;
      total += 1;
      if (!isHit) uncovered.push(line);
    }
  return { total, uncovered };
};

const extensionOf = (path: string): string => /\.[A-Za-z0-9]{1,10}$/.exec(path)?.[0] ?? '';

/** Tests are seldom measured themselves, and that says nothing against them. */
const isTest = (path: string): boolean =>
  /(^|\/)(tests?|__tests__|specs?|fixtures)\/|[._-](test|spec)\.[^/]+$|(^|\/)(test_[^/]*|conftest)\.py$|Tests?\.(java|kt|cs)$/.test(
    path,
  );

/** Compares the changed lines with what the reports of the run say; the data must have been read with the changed files as wanted ones. */
export const coverChangedLines = (
  { files }: ChangedLines,
  { lines, extensions, ambiguous }: Extract<CoverageData, { kind: 'totals' }>,
): ChangedCoverage => {
  let [covered, total] = [0, 0];
  const uncovered: { path: string; ranges: readonly LineRange[] }[] = [];
  const unmeasured: string[] = [];
  const unclear: string[] = [];
  for (const { path, ranges } of files) {
    if (ranges.length === 0) continue;
    const measured = lines.get(path);
    if (measured && measured.total > 0) {
      const found = look(ranges, measured);
      total += found.total;
      covered += found.total - found.uncovered.length;
      if (found.uncovered.length > 0) uncovered.push({ path, ranges: joined(found.uncovered) });
    } else if (measured || ambiguous.some((name) => `/${path}`.endsWith(`/${name}`))) unclear.push(path);
    else if (extensions.has(extensionOf(path)) && !isTest(path)) unmeasured.push(path);
  }
  return { covered, total, uncovered, unmeasured, unclear };
};

/** `3, 7-9`. */
export const showRanges = (ranges: readonly LineRange[]): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
