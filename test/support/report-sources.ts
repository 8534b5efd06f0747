import { readFileSync } from 'node:fs';
import { MOST_LINES } from '../../domain/coverage-reports/coverage-sink';
import { type CoverageData, type Report, readCoverage } from '../../domain/coverage-reports/read-coverage';
import type { ReportSource } from '../../domain/coverage-reports/report-source';

/** A report in memory, handed out in pieces of `pieceBytes`. */
export const textSource = (text: string | Buffer, pieceBytes = 64 * 1024): ReportSource => {
  const bytes = Buffer.from(text);
  return {
    bytes: bytes.length,
    head: async () => bytes.subarray(0, 4096).toString('utf8'),
    chunks: async function* () {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
  };
};

export const report = (
  text: string | Buffer,
  path = 'coverage/report',
  root = '/srv/shop',
  pieceBytes?: number,
): Report => ({
  path,
  root,
  source: textSource(text, pieceBytes),
});

/** A report of a real tool (test/fixtures/reports/PROVENANCE.md). */
export const fixture = (path: string): Buffer => readFileSync(`test/fixtures/reports/${path}`);

/** Reads reports of one run; `files`: all of the repository, the wanted ones first. */
export const read = (
  reports: readonly Report[],
  files: readonly string[] = [],
  wanted: readonly string[] = files,
): Promise<CoverageData> => readCoverage(reports, { files, wanted: new Map(wanted.map((path) => [path, MOST_LINES])) });

export const totalsOf = (data: CoverageData): Extract<CoverageData, { kind: 'totals' }> => {
  if (data.kind === 'totals') return data;
  throw new Error(`${data.kind}: ${data.message}`);
};

export const messageOf = (data: CoverageData): string => {
  if (data.kind === 'totals') throw new Error('it was taken for sound');
  return `${data.kind}: ${data.message}`;
};
