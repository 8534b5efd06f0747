import { type CoverageMetric, type CoverageRatio, coverageMetrics } from '../coverage';
import { type CoverageSink, checkHits, checkLine, checkRatio, MOST_FILES } from './coverage-sink';
import { HitTable } from './hit-table';
import { LineSet } from './line-set';
import type { NameOf } from './map-paths';
import { ReportProblem } from './report-problem';

/** One key for what stands in a line, among all of its file. */
export const placeKey = (line: number, key: number): number => line * 0x100000000 + key;

/** One key for a way out of a decision. */
export const branchKey = (line: number, block: number, arm: number): number =>
  placeKey(line, (Math.imul(block, 0x01000193) ^ arm) >>> 0);

/** Covered and total of four metrics, and whether there are lines and no statements. */
const SLOTS = 9;
const UNSTATED = 8;
const slotOf = (metric: CoverageMetric): number => coverageMetrics.indexOf(metric) * 2;
const [LINES, BRANCHES, FUNCTIONS, STATEMENTS] = [
  slotOf('lines'),
  slotOf('branches'),
  slotOf('functions'),
  slotOf('statements'),
];

const PAGE = 1_024;

/** Bytes that the lines of wanted files may take: 200,000 files that are changed down to line 600. */
const MOST_LINE_BYTES = 32 * 1024 * 1024;

/** Covered and total of each metric, for each file: numbers in pages, no objects. */
class Counts {
  readonly #pages: Float64Array[] = [];

  add(file: number, slot: number, covered: number, total: number): void {
    const index = Math.floor(file / PAGE);
    const page = this.#pages[index] ?? new Float64Array(PAGE * SLOTS);
    this.#pages[index] = page;
    const at = (file % PAGE) * SLOTS + slot;
    page[at] = (page[at] ?? 0) + covered;
    page[at + 1] = (page[at + 1] ?? 0) + total;
  }

  addUnstated(file: number): void {
    const page = this.#pages[Math.floor(file / PAGE)];
    if (page) page[(file % PAGE) * SLOTS + UNSTATED] = 1;
  }

  isUnstated(file: number): boolean {
    return (this.#pages[Math.floor(file / PAGE)]?.[(file % PAGE) * SLOTS + UNSTATED] ?? 0) > 0;
  }

  of(file: number, metric: CoverageMetric): CoverageRatio {
    const page = this.#pages[Math.floor(file / PAGE)];
    const at = (file % PAGE) * SLOTS + slotOf(metric);
    return { covered: page?.[at] ?? 0, total: page?.[at + 1] ?? 0 };
  }
}

/**
 * Adds up a report as it comes and keeps eight numbers a file. What might be counted twice (a file with several sections, a line or branch
 * that a section has again) is not added up but noted in `repeated`: those files are read once more, in detail (merge-files.ts).
 */
export class FileTally {
  readonly repeated = new Set<string>();
  readonly #lines = new Map<string, LineSet>();
  /** Of files that were not loaded in one run, as far as a tool guesses them. */
  readonly #guessed = new Map<string, LineSet>();
  readonly extensions = new Set<string>();
  readonly #files = new Map<string, number>();
  readonly #counts = new Counts();
  readonly #wanted: ReadonlyMap<string, number>;
  #lineBytes = 0;

  #growLines = (bytes: number): void => {
    this.#lineBytes += bytes;
    if (this.#lineBytes <= MOST_LINE_BYTES) return;
    throw new ReportProblem(`the lines that it gives of changed files take more than ${MOST_LINE_BYTES} bytes`);
  };

  /** `wanted`: files whose lines are kept one by one, up to the last that is asked for. */
  constructor(wanted: ReadonlyMap<string, number>) {
    this.#wanted = wanted;
  }

  /** Sums over all files but the repeated ones. */
  total(metric: CoverageMetric): CoverageRatio {
    let [covered, total] = [0, 0];
    for (const [name, file] of this.#files) {
      if (this.repeated.has(name)) continue;
      const ratio = this.#counts.of(file, metric);
      covered += ratio.covered;
      total += ratio.total;
    }
    return { covered, total };
  }

  /** Whether nobody knows the statements of a file that has lines and is not a repeated one. */
  lacksStatements(): boolean {
    for (const [name, file] of this.#files) if (this.#counts.isUnstated(file) && !this.repeated.has(name)) return true;
    return false;
  }

  /** Of wanted files: the lines that are measured. No lines: the report has only sums. */
  get lines(): ReadonlyMap<string, LineSet> {
    return new Map([...this.#guessed, ...this.#lines]);
  }

  /** Null: nobody asks for them. */
  #linesIn(known: ReadonlyMap<string, LineSet>, name: string): LineSet | null {
    const last = this.#wanted.get(name);
    return last === undefined ? null : (known.get(name) ?? new LineSet(this.#growLines, last));
  }

  #open(name: string): { readonly name: string; readonly file: number } {
    const known = this.#files.get(name);
    if (known !== undefined) {
      this.repeated.add(name);
      return { name, file: known };
    }
    if (this.#files.size >= MOST_FILES) throw new ReportProblem(`it is about more than ${MOST_FILES} files`);
    const file = this.#files.size;
    this.#files.set(Buffer.from(name).toString(), file); // a copy: a part of a text keeps the whole of it alive
    const [, extension] = /(\.[A-Za-z0-9]{1,10})$/.exec(name) ?? [];
    if (extension !== undefined && this.extensions.size < 100) this.extensions.add(extension);
    return { name, file };
  }

  /** Takes one report. */
  sink(nameOf: NameOf): CoverageSink {
    let open = { name: '', file: -1 };
    let wanted: LineSet | null = null;
    let known = this.#lines;
    let lastLine = -1;
    let [lines, linesHit] = [0, 0];
    let [declared, called, calledOnce] = [0, 0, 0];
    let [hasLines, knowsStatements] = [false, false];
    const branches = new HitTable();
    const add = (slot: number, covered: number, total: number) => this.#counts.add(open.file, slot, covered, total);
    return {
      begin: (path, place = {}) => {
        open = this.#open(nameOf(path, place));
        lastLine = -1;
        [lines, linesHit] = [0, 0];
        [declared, called, calledOnce] = [0, 0, 0];
        [hasLines, knowsStatements] = [false, false];
        branches.clear();
        known = this.#lines;
        wanted = this.#linesIn(known, open.name);
      },
      neverLoaded: () => {
        known = this.#guessed;
        wanted = this.#linesIn(known, open.name);
      },
      line: (line, hits) => {
        if (checkLine(line) <= lastLine) this.repeated.add(open.name);
        lastLine = line;
        const isHit = checkHits(hits) > 0;
        lines += 1;
        if (isHit) linesHit += 1;
        wanted?.add(line, isHit);
      },
      branch: (line, block, arm, hits) => {
        const isHit = checkHits(hits) > 0;
        if (!branches.add(branchKey(checkLine(line), block, arm), isHit)) this.repeated.add(open.name);
        add(BRANCHES, isHit ? 1 : 0, 1);
      },
      declareFunction: () => {
        declared += 1;
      },
      callFunction: (_, hits) => {
        called += 1;
        if (checkHits(hits) > 0) calledOnce += 1;
      },
      statement: (line, _, hits) => {
        checkLine(line);
        knowsStatements = true;
        add(STATEMENTS, checkHits(hits) > 0 ? 1 : 0, 1);
      },
      count: (metric, ratio) => {
        const { covered, total } = checkRatio(metric, ratio);
        if (metric === 'statements') knowsStatements = true;
        if (metric === 'lines' && total > 0) hasLines = true;
        add(slotOf(metric), covered, total);
      },
      end: () => {
        if (wanted) known.set(open.name, wanted);
        if (lines > 0) add(LINES, linesHit, lines);
        if ((lines > 0 || hasLines) && !knowsStatements) this.#counts.addUnstated(open.file);
        if (declared + called > 0) add(FUNCTIONS, calledOnce, Math.max(declared, called));
      },
    };
  }
}
