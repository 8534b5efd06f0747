import type { CoverageEvidence, StoredObject, StoredReport } from './build-result';
import type { ChangedLines, LineRange } from './changed-lines';
import { type CoverageData, readCoverage } from './coverage-reports/read-coverage';
import type { ReportSource } from './coverage-reports/report-source';

/** What there is where the build said that a report is. */
export type MeasuredCoverage = {
  readonly evidence: CoverageEvidence;
  /** Null: there is none to read. */
  readonly data: CoverageData | null;
  /** The same, or what another report of the same run says when the first one has only sums. */
  readonly withLines: CoverageData | null;
};

/** Null: it is not there. */
export type OpenReport = (report: StoredObject) => Promise<ReportSource | null>;

const NO_CHANGES: Pick<ChangedLines, 'files' | 'repositoryFiles'> = { files: [], repositoryFiles: [] };

const lacksLines = (data: CoverageData): boolean =>
  data.kind !== 'totals' || [...data.lines.values()].some(({ isEmpty }) => isEmpty);

/** 0: a file that only loses lines. */
const lastOf = (ranges: readonly LineRange[]): number => ranges.reduce((last, [, end]) => Math.max(last, end), 0);

type Compared = Pick<ChangedLines, 'files' | 'repositoryFiles'> | null;

/** Reads the totals of one measurement, and no lines of files: those of the base are compared with nothing. */
export const readTotals = (
  evidence: CoverageEvidence,
  changes: Compared,
  open: OpenReport,
): Promise<MeasuredCoverage> => readMeasured(evidence, changes && { ...changes, files: [] }, open);

/** Reads the evidence of one measurement. `changes`: what it is compared with, if anything. */
export const readMeasured = async (
  evidence: CoverageEvidence,
  changes: Compared,
  open: OpenReport,
): Promise<MeasuredCoverage> => {
  if (evidence.kind !== 'found') return { evidence, data: null, withLines: null };
  const { files, repositoryFiles } = changes ?? NO_CHANGES;
  const repository = {
    files: repositoryFiles,
    wanted: new Map(files.map(({ path, ranges }) => [path, lastOf(ranges)])),
  };
  const read = async (reports: readonly StoredReport[]): Promise<CoverageData> => {
    const sources = await Promise.all(
      reports.map(async ({ path, report }) => ({ path, root: evidence.root, source: await open(report) })),
    );
    const there = sources.flatMap(({ source, ...report }) => (source ? [{ ...report, source }] : []));
    if (there.length < reports.length) return { kind: 'malformed', message: 'the build named it but did not store it' };
    return readCoverage(there, repository);
  };
  const data = await read([{ path: evidence.path, report: evidence.report }, ...evidence.parts]);
  if (data.kind !== 'totals' || !lacksLines(data)) return { evidence, data, withLines: data };
  for (const reports of evidence.alternatives) {
    const other = await read(reports);
    if (!lacksLines(other)) return { evidence, data, withLines: other };
  }
  return { evidence, data, withLines: data };
};
