import type { CoverageMetric, CoverageRatio } from '../coverage';
import { type CoverageSink, checkRatio } from './coverage-sink';
import { HitTable } from './hit-table';
import { LineSet } from './line-set';
import type { NameOf } from './map-paths';
import { quoted, ReportProblem } from './report-problem';
import { branchKey } from './tally-files';

/** Bytes that the detail of files may take which are reported more than once. */
const MOST_BYTES = 64 * 1024 * 1024;

type File = {
  readonly lines: LineSet;
  readonly branches: HitTable;
  readonly functions: HitTable;
  readonly statements: HitTable;
  readonly sums: Map<CoverageMetric, CoverageRatio>;
};

/** Several functions of one file may have one name: the first in one section is the first in another. */
const occurrences = () => {
  const seen = new Map<number, number>();
  return {
    clear: () => seen.clear(),
    of: (key: number): number => {
      const before = seen.get(key) ?? 0;
      seen.set(key, before + 1);
      return key * 1024 + Math.min(before, 1023);
    },
  };
};

/**
 * Joins the sections of files that are reported more than once: a line, branch or function is there once, and covered when any section says so. Sums without
 * parts cannot be joined: they are taken from the section that covers most, and have to be about the same total.
 */
export class FileMerge {
  readonly #files = new Map<string, File>();
  #bytes = 0;

  #grow = (bytes: number): void => {
    this.#bytes += bytes;
    if (this.#bytes <= MOST_BYTES) return;
    throw new ReportProblem(
      `the detail of files that are reported more than once takes more than ${MOST_BYTES} bytes: merge the reports before`,
    );
  };

  #open(name: string): File {
    const known = this.#files.get(name);
    if (known) return known;
    const table = () => new HitTable(this.#grow);
    const file: File = {
      lines: new LineSet(this.#grow),
      branches: table(),
      functions: table(),
      statements: table(),
      sums: new Map(),
    };
    this.#files.set(name, file);
    return file;
  }

  #addSum(name: string, { sums }: File, metric: CoverageMetric, ratio: CoverageRatio): void {
    const before = sums.get(metric);
    if (before && before.total !== ratio.total)
      throw new ReportProblem(
        `${quoted(name)} is reported twice with different totals of ${metric} (${before.total} and ${ratio.total}): name reports that have the lines`,
      );
    if (!before || before.covered < ratio.covered) sums.set(metric, ratio);
  }

  total(metric: CoverageMetric): CoverageRatio {
    let [covered, total] = [0, 0];
    for (const file of this.#files.values()) {
      const parts = file[metric];
      const sum = file.sums.get(metric) ?? { covered: 0, total: 0 };
      // A section may have the parts and another one only the sum of the same.
      const ratio = parts.total > 0 ? parts : sum;
      covered += ratio.covered;
      total += ratio.total;
    }
    return { covered, total };
  }

  /** Takes one report, of which only the files that `isMeant` are looked at. */
  sink(nameOf: NameOf, isMeant: (name: string) => boolean): CoverageSink {
    let name = '';
    let file: File | null = null;
    const [declared, called] = [occurrences(), occurrences()];
    return {
      begin: (path, bases = []) => {
        name = nameOf(path, bases);
        file = isMeant(name) ? this.#open(name) : null;
        declared.clear();
        called.clear();
      },
      line: (line, hits) => file?.lines.add(line, hits > 0),
      branch: (line, key, hits) => file?.branches.add(branchKey(line, key), hits > 0),
      declareFunction: (key) => file?.functions.add(declared.of(key), false),
      callFunction: (key, hits) => file?.functions.add(called.of(key), hits > 0),
      statement: (key, hits) => file?.statements.add(key, hits > 0),
      count: (metric, ratio) => {
        if (file) this.#addSum(name, file, metric, checkRatio(metric, ratio));
      },
      end: () => undefined,
    };
  }
}

export const joinTotals = (
  parts: readonly { readonly total: (metric: CoverageMetric) => CoverageRatio }[],
): Record<CoverageMetric, CoverageRatio> => {
  const of = (metric: CoverageMetric): CoverageRatio =>
    parts.reduce(
      (sum, part) => {
        const { covered, total } = part.total(metric);
        return { covered: sum.covered + covered, total: sum.total + total };
      },
      { covered: 0, total: 0 },
    );
  return { lines: of('lines'), branches: of('branches'), functions: of('functions'), statements: of('statements') };
};
