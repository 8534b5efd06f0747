import * as z from 'zod';
import type { LineSet } from './coverage-reports/line-set';
import type { CoverageData } from './coverage-reports/read-coverage';

const lineNumber = z.number().int().positive();
/** First and last line. */
export const lineRangeSchema = z.tuple([lineNumber, lineNumber]);
export type LineRange = z.infer<typeof lineRangeSchema>;

export const changedFileSchema = z.strictObject({ path: z.string(), ranges: z.array(lineRangeSchema) });

/** What the pull request adds or changes, as the trusted side reads it from git, and the files that paths of reports are mapped onto. */
export type ChangedLines = {
  /** Where base and result part, and the result. */
  readonly from: string;
  readonly to: string;
  readonly files: readonly z.infer<typeof changedFileSchema>[];
  readonly repositoryFiles: readonly string[];
  /** More than is compared: what there is too much of. Then the lists are empty. */
  readonly beyond: string | null;
};

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

/** Ranges of one file that are named; the figures are of all. */
const MOST_RANGES = 1_000;

const look = (ranges: readonly LineRange[], lines: LineSet) => {
  const uncovered: [number, number][] = [];
  let [total, missed] = [0, 0];
  for (const [first, last] of ranges)
    for (let line = first; line <= Math.min(last, lines.last); line += 1) {
      const isHit = lines.isHit(line);
      if (isHit === null) continue;
      total += 1;
      if (isHit) continue;
      missed += 1;
      const open = uncovered.at(-1);
      if (open && open[1] === line - 1) open[1] = line;
      else if (uncovered.length < MOST_RANGES) uncovered.push([line, line]);
    }
  return { total, missed, uncovered };
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
    if (measured && !measured.isEmpty) {
      const found = look(ranges, measured);
      total += found.total;
      covered += found.total - found.missed;
      if (found.missed > 0) uncovered.push({ path, ranges: found.uncovered });
    } else if (measured || ambiguous.some((name) => `/${path}`.endsWith(`/${name}`))) unclear.push(path);
    else if (extensions.has(extensionOf(path)) && !isTest(path)) unmeasured.push(path);
  }
  return { covered, total, uncovered, unmeasured, unclear };
};

/** `3, 7-9`. */
export const showRanges = (ranges: readonly LineRange[]): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
