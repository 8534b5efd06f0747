import type { CoverageRatio } from '../coverage';
import { checkedTotals, malformed, type ParsedCoverage } from './parsed-coverage';

const LONGEST_LINE = 64 * 1024;
const MOST_FILES = 200_000;

type Counter = { covered: number; total: number };
const counter = (): Counter => ({ covered: 0, total: 0 });
const ratioOf = ({ covered, total }: Counter): CoverageRatio => ({ covered, total });

/** Hits of `DA:<line>,<hits>[,<checksum>]`; NaN when it is not of that form. */
const hitsOf = (line: string): number => {
  const comma = line.indexOf(',', 3);
  if (comma < 4) return Number.NaN;
  const second = line.indexOf(',', comma + 1);
  const hits = second < 0 ? line.slice(comma + 1) : line.slice(comma + 1, second);
  return hits === '' ? Number.NaN : Number(hits);
};

/** Hits of `BRDA:<line>,<block>,<branch>,<taken or ->`. */
const takenOf = (line: string): number => {
  const comma = line.lastIndexOf(',');
  const taken = line.slice(comma + 1);
  if (taken === '' || line.indexOf(',') === comma) return Number.NaN;
  return taken === '-' ? 0 : Number(taken);
};

/** Hits of `FNDA:<hits>,<name>`. */
const callsOf = (line: string): number => {
  const comma = line.indexOf(',', 5);
  return comma < 6 ? Number.NaN : Number(line.slice(5, comma));
};

const add = (to: Counter, hits: number): boolean => {
  to.total += 1;
  if (hits > 0) to.covered += 1;
  return hits >= 0 && hits !== Number.POSITIVE_INFINITY;
};

/** Takes the lines of a tracefile one by one; `line` gives what is wrong with it, or null. */
const createReader = () => {
  const [lines, branches, functions] = [counter(), counter(), counter()];
  const files = new Set<string>();
  let declaredFunctions = 0;
  let isOpen = false;

  const begin = (file: string): string | null => {
    if (isOpen) return 'begins a section inside another one';
    if (files.has(file))
      return `begins a second section of ${JSON.stringify(file.slice(0, 120))}: merge the runs first`;
    if (files.size >= MOST_FILES) return `is about more than ${MOST_FILES} files`;
    files.add(Buffer.from(file).toString()); // a copy: a part of a string keeps the whole piece of the report alive
    isOpen = true;
    return null;
  };
  const end = (): string | null => {
    const wasOpen = isOpen;
    isOpen = false;
    return wasOpen ? null : 'ends a section that was not begun';
  };
  const count = (to: Counter, hits: number): string | null => {
    if (!isOpen) return 'stands outside of a section';
    return add(to, hits) ? null : 'is not of the form that geninfo(1) describes';
  };
  return {
    line: (line: string): string | null => {
      if (line.startsWith('DA:')) return count(lines, hitsOf(line));
      if (line.startsWith('BRDA:')) return count(branches, takenOf(line));
      if (line.startsWith('FNDA:')) return count(functions, callsOf(line));
      if (line.startsWith('FN:')) declaredFunctions += 1;
      else if (line.startsWith('SF:')) return begin(line.slice(3));
      else if (line === 'end_of_record') return end();
      return null;
    },
    totals: (): ParsedCoverage => {
      if (files.size === 0) return malformed('it holds no SF record: it is not an LCOV report');
      if (isOpen) return malformed('it is cut off: the last section has no end_of_record');
      // A function that was never called may have no FNDA record.
      functions.total = Math.max(functions.total, declaredFunctions);
      return checkedTotals('lcov', {
        lines: ratioOf(lines),
        branches: ratioOf(branches),
        functions: ratioOf(functions),
        statements: null,
      });
    },
  };
};

/**
 * An LCOV tracefile (geninfo(1)), piece by piece: the figures are counted from the records DA, BRDA and FNDA, never taken from the
 * summaries LF, LH … that a tool may have got wrong. Memory grows with the number of files in the report, not with its size. A file with two
 * sections is refused: adding them up would count its lines twice.
 */
export const parseLcov = async (chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ParsedCoverage> => {
  const reader = createReader();
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  const read = (line: string): string | null => {
    number += 1;
    const problem =
      line.length > LONGEST_LINE ? `is longer than ${LONGEST_LINE} characters` : reader.line(line.trimEnd());
    return problem && `line ${number} ${problem}: ${JSON.stringify(line.slice(0, 80))}`;
  };
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const problem = read(text.slice(start, end));
      if (problem) return malformed(problem);
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > LONGEST_LINE) return malformed(read(rest) ?? '');
  }
  const problem = read(rest + decoder.decode());
  return problem ? malformed(problem) : reader.totals();
};
