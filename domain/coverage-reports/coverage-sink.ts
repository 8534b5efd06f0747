import type { CoverageMetric, CoverageRatio } from '../coverage';
import { ReportProblem } from './report-problem';

/** What a report says of where a path is. */
export type Place = {
  /** Folders that the path may be relative to, besides the one of the report. */
  readonly bases?: readonly string[];
  /** Names of modules that it is in, the outermost first. */
  readonly groups?: readonly string[];
};

/**
 * What a parser finds in a report, in the order of the report. `begin` opens the section of a file (a report may come back to it); all else belongs to the open
 * section. `line` counts from 1 (0 is taken: some tools write it); `key`, `block` and `arm` are whole numbers of 32 bits that tell statements and branches of one line, or
 * functions of one file, apart: the same in each report of one format, and in no other.
 */
export type CoverageSink = {
  readonly begin: (path: string, place?: Place) => void;
  /** The file was never loaded, and a tool that learns branches and functions only by running them has made some up. Called before anything of the section is. */
  readonly neverLoaded: () => void;
  readonly line: (line: number, hits: number) => void;
  /** One way out of a decision. */
  readonly branch: (line: number, block: number, arm: number, hits: number) => void;
  /** A function that may never have been called, and how often one was: the second without the first is one, too. */
  readonly declareFunction: (key: number) => void;
  readonly callFunction: (key: number, hits: number) => void;
  readonly statement: (line: number, key: number, hits: number) => void;
  /** A sum without its parts. */
  readonly count: (metric: CoverageMetric, ratio: CoverageRatio) => void;
  readonly end: () => void;
};

/** Lines that no source file has: more would be memory for nothing. */
export const MOST_LINES = 2_000_000;
export const MOST_FILES = 200_000;

export const checkLine = (line: number): number => {
  if (Number.isSafeInteger(line) && line >= 0 && line <= MOST_LINES) return line;
  throw new ReportProblem(`${line} is not the number of a line (0 to ${MOST_LINES})`);
};

export const checkHits = (hits: number): number => {
  if (hits >= 0 && hits <= Number.MAX_VALUE) return hits;
  throw new ReportProblem(`${hits} is not a count of 0 or more`);
};

export const checkRatio = (metric: string, { covered, total }: CoverageRatio): CoverageRatio => {
  if (!Number.isSafeInteger(covered) || !Number.isSafeInteger(total) || covered < 0 || total < 0)
    throw new ReportProblem(
      `the figures of ${metric} are not whole numbers of 0 or more (covered ${covered}, total ${total})`,
    );
  if (covered > total) throw new ReportProblem(`${metric} has more covered (${covered}) than there are (${total})`);
  return { covered, total };
};

/** What c8, Jest and Vitest call the one function of a file that V8 never loaded. */
export const NEVER_LOADED = '(empty-report)';

/** FNV-1a of a text: the key of what a report names with words. */
export const keyOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};
