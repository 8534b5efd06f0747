import type { CoverageTotals } from '../coverage';
import type { LineSet } from './line-set';
import { createPathMap, type PathMap } from './map-paths';
import { FileMerge, joinTotals } from './merge-files';
import { type CoverageFormat, parseReport } from './parse-report';
import { ReportProblem } from './report-problem';
import type { ReportSource } from './report-source';
import { FileTally } from './tally-files';

/** One report of a run. `path`: inside the repository; `root`: the folder that the repository lay in when it was measured. */
export type Report = { readonly path: string; readonly root: string; readonly source: ReportSource };

export type Repository = {
  /** All its files; none: paths are taken as they are. */
  readonly files: readonly string[];
  /** Files whose lines are wanted one by one, and the last of these lines. */
  readonly wanted: ReadonlyMap<string, number>;
};

/** What the reports of one run say together, or why they say nothing that can be trusted. `message` tells what was expected where. */
export type CoverageData =
  | {
      readonly kind: 'totals';
      readonly formats: readonly CoverageFormat[];
      readonly totals: CoverageTotals;
      /** Of the wanted files that are reported: their lines; no line where a report has only sums. */
      readonly lines: ReadonlyMap<string, LineSet>;
      /** Endings of the names of all reported files. */
      readonly extensions: ReadonlySet<string>;
      /** Paths that fit several files of the repository. */
      readonly ambiguous: readonly string[];
    }
  | { readonly kind: 'empty' | 'malformed'; readonly message: string };

const inReport = async <T>(report: Report, several: boolean, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ReportProblem) || !several) throw error;
    throw new ReportProblem(`${report.path}: ${error.message}`, error.kind);
  }
};

const readAll = async (reports: readonly Report[], { wanted }: Repository, paths: PathMap): Promise<CoverageData> => {
  const several = reports.length > 1;
  const tally = new FileTally(wanted);
  const parsed: { readonly report: Report; readonly format: CoverageFormat }[] = [];
  for (const report of reports) {
    const parse = () => parseReport(report.source, tally.sink(paths.of(report)));
    parsed.push({ report, format: await inReport(report, several, parse) });
  }
  const merge = new FileMerge();
  if (tally.repeated.size > 0)
    for (const { report, format } of parsed) {
      const sink = merge.sink(paths.of(report), format, (name) => tally.repeated.has(name));
      await inReport(report, several, () => parseReport(report.source, sink));
    }
  const totals = joinTotals([tally, merge]);
  // A report in which there is nothing to cover proves nothing.
  if (totals.lines.total === 0) throw new ReportProblem('it measured no line at all', 'empty');
  const { lines, extensions } = tally;
  const formats = parsed.map(({ format }) => format);
  return { kind: 'totals', formats, totals, lines, extensions, ambiguous: [...paths.ambiguous] };
};

/**
 * Reads the reports of one run as they come, in memory that grows with the number of files and not with the size of the reports; a file that is
 * reported more than once is read twice and joined line by line. What is wrong with a report is an answer, not an error.
 */
export const readCoverage = async (reports: readonly Report[], repository: Repository): Promise<CoverageData> => {
  try {
    return await readAll(reports, repository, createPathMap(repository.files));
  } catch (error) {
    if (!(error instanceof ReportProblem)) throw error;
    return { kind: error.kind, message: error.message };
  }
};
