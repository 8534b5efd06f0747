import type { CoverageMetric, CoverageRatio, CoverageTotals } from '../coverage';
import { type CoverageSink, checkRatio } from './coverage-sink';
import { HitTable } from './hit-table';
import { LineSet } from './line-set';
import type { NameOf } from './map-paths';
import type { CoverageFormat } from './parse-report';
import { quoted, ReportProblem } from './report-problem';
import { branchKey, placeKey } from './tally-files';

/** Bytes that the detail of files may take which are reported more than once. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What the reports of one format say of a file. */
type View = {
  readonly format: CoverageFormat;
  readonly branches: HitTable;
  readonly functions: HitTable;
  readonly statements: HitTable;
  readonly sums: Map<CoverageMetric, CoverageRatio>;
  knowsStatements: boolean;
};

/** Lines have the same numbers in every format. What else there is, each format names in its own way: that is joined within a format only. */
type File = { readonly lines: LineSet; readonly views: Map<CoverageFormat, View> };

const NO_LINES = new LineSet();

/** The one that knows most; of equal ones the one that covers most. */
const fullest = (ratios: readonly CoverageRatio[]): CoverageRatio =>
  ratios.reduce(
    (best, ratio) =>
      ratio.total > best.total || (ratio.total === best.total && ratio.covered > best.covered) ? ratio : best,
    { covered: 0, total: 0 },
  );

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
 * Block numbers of LCOV are those of the whole file, as JavaScript tools write them, and change with what a run has loaded: within a line their order stays. For other formats
 * the block as it is.
 */
const blocksOf = (format: CoverageFormat) => {
  const seen = new Map<number, number[]>();
  return {
    clear: () => seen.clear(),
    of: (line: number, block: number): number => {
      if (format !== 'lcov') return block;
      const blocks = seen.get(line) ?? [];
      if (blocks.length === 0) seen.set(line, blocks);
      const found = blocks.indexOf(block);
      return found >= 0 ? found : blocks.push(block) - 1;
    },
  };
};

/**
 * Joins the sections of files that are reported more than once: a line, branch or function is there once, and covered when any section says so. Sums without
 * parts cannot be joined: they are taken from the section that covers most, and have to be about the same total. Formats that name branches, functions or statements
 * differently are never added up: the one that knows most of a file counts.
 */
export class FileMerge {
  readonly #files = new Map<string, File>();
  /** What tools guess of files that one run did not load: it counts where no run of the format did. */
  readonly #guessed = new Map<string, File>();
  #bytes = 0;

  #grow = (bytes: number): void => {
    this.#bytes += bytes;
    if (this.#bytes <= MOST_BYTES) return;
    throw new ReportProblem(
      `the detail of files that are reported more than once takes more than ${MOST_BYTES} bytes: merge the reports before`,
    );
  };

  #open(files: Map<string, File>, name: string): File {
    const known = files.get(name);
    if (known) return known;
    const file: File = { lines: new LineSet(this.#grow), views: new Map() };
    files.set(name, file);
    return file;
  }

  *#all(): Generator<File> {
    for (const name of new Set([...this.#files.keys(), ...this.#guessed.keys()])) {
      const [file, guess] = [this.#files.get(name), this.#guessed.get(name)];
      const lines = file && file.lines.total > 0 ? file.lines : guess?.lines;
      yield { lines: lines ?? NO_LINES, views: new Map([...(guess?.views ?? []), ...(file?.views ?? [])]) };
    }
  }

  #view({ views }: File, format: CoverageFormat): View {
    const known = views.get(format);
    if (known) return known;
    const table = () => new HitTable(this.#grow);
    const view: View = {
      format,
      branches: table(),
      functions: table(),
      statements: table(),
      sums: new Map(),
      knowsStatements: false,
    };
    views.set(format, view);
    return view;
  }

  #addSum(name: string, { format, sums }: View, metric: CoverageMetric, ratio: CoverageRatio): void {
    const before = sums.get(metric);
    // Bun counts only those functions that a run came across.
    if (before && before.total !== ratio.total && format !== 'lcov')
      throw new ReportProblem(
        `${quoted(name)} is reported twice with different totals of ${metric} (${before.total} and ${ratio.total}): name reports that have the lines`,
      );
    sums.set(metric, before ? fullest([before, ratio]) : ratio);
  }

  total(metric: CoverageMetric): CoverageRatio {
    let [covered, total] = [0, 0];
    for (const { lines, views } of this.#all()) {
      // A section may have the parts and another one only the sum of the same.
      const ratios = [...views.values()].map((view) => {
        const parts = metric === 'lines' ? lines : view[metric];
        return parts.total > 0 ? parts : (view.sums.get(metric) ?? { covered: 0, total: 0 });
      });
      const ratio = fullest(ratios);
      covered += ratio.covered;
      total += ratio.total;
    }
    return { covered, total };
  }

  /** Whether nobody knows the statements of a file that has lines. */
  lacksStatements(): boolean {
    for (const { lines, views } of this.#all()) {
      const all = [...views.values()];
      const hasLines = lines.total > 0 || all.some(({ sums }) => (sums.get('lines')?.total ?? 0) > 0);
      if (hasLines && !all.some(({ knowsStatements }) => knowsStatements)) return true;
    }
    return false;
  }

  /** Takes one report of a format, of which only the files that `isMeant` are looked at. */
  sink(nameOf: NameOf, format: CoverageFormat, isMeant: (name: string) => boolean): CoverageSink {
    let name = '';
    let files: Map<string, File> | null = null;
    let open: { readonly lines: LineSet; readonly view: View } | null = null;
    const [declared, called, blocks] = [occurrences(), occurrences(), blocksOf(format)];
    /** Null: nobody asks for this file. */
    const section = () => {
      if (open || !files) return open;
      const file = this.#open(files, name);
      open = { lines: file.lines, view: this.#view(file, format) };
      return open;
    };
    return {
      begin: (path, place = {}) => {
        name = nameOf(path, place);
        files = isMeant(name) ? this.#files : null;
        open = null;
        for (const each of [declared, called, blocks]) each.clear();
      },
      neverLoaded: () => {
        if (files) files = this.#guessed;
      },
      line: (line, hits) => section()?.lines.add(line, hits > 0),
      branch: (line, block, arm, hits) =>
        section()?.view.branches.add(branchKey(line, blocks.of(line, block), arm), hits > 0),
      declareFunction: (key) => section()?.view.functions.add(declared.of(key), false),
      callFunction: (key, hits) => section()?.view.functions.add(called.of(key), hits > 0),
      statement: (line, key, hits) => {
        const view = section()?.view;
        if (!view) return;
        view.knowsStatements = true;
        view.statements.add(placeKey(line, key), hits > 0);
      },
      count: (metric, ratio) => {
        const view = section()?.view;
        if (!view) return;
        if (metric === 'statements') view.knowsStatements = true;
        this.#addSum(name, view, metric, checkRatio(metric, ratio));
      },
      end: () => undefined,
    };
  }
}

type Part = Pick<FileMerge, 'total' | 'lacksStatements'>;

/** Statements are null unless they are known of every file that has lines: the share of some would be taken for that of all. */
export const joinTotals = (parts: readonly Part[]): CoverageTotals => {
  const of = (metric: CoverageMetric): CoverageRatio =>
    parts.reduce(
      (sum, part) => {
        const { covered, total } = part.total(metric);
        return { covered: sum.covered + covered, total: sum.total + total };
      },
      { covered: 0, total: 0 },
    );
  const statements = parts.some((part) => part.lacksStatements()) ? null : of('statements');
  return { lines: of('lines'), branches: of('branches'), functions: of('functions'), statements };
};
