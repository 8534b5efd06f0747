import type { CoverageRatio } from '../coverage';
import { checkedTotals, malformed, type ParsedCoverage } from './parsed-coverage';

/** Sums of one file section; a later section of the same file is added, as genhtml adds different test runs. */
type Counter = { covered: number; total: number };
const counter = (): Counter => ({ covered: 0, total: 0 });

const LONGEST_LINE = 64 * 1024;

/** Reads `DA:<line>,<hits>[,<checksum>]`; null when it is not of that form. */
const hitsOf = (line: string): number | null => {
  const match = /^DA:\d+,(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:,|$)/i.exec(line);
  return match ? Number(match[1]) : null;
};

/** Reads `BRDA:<line>,<block>,<branch>,<taken or ->`. */
const takenOf = (line: string): number | null => {
  const match = /^BRDA:\d+,[^,]*,.*,(-|-?\d+)$/.exec(line);
  if (!match) return null;
  return match[1] === '-' ? 0 : Number(match[1]);
};

/** Reads `FNDA:<hits>,<name>`. */
const callsOf = (line: string): number | null => {
  const match = /^FNDA:(-?\d+),/.exec(line);
  return match ? Number(match[1]) : null;
};

/**
 * An LCOV tracefile (geninfo(1)), line by line: the figures are counted from the records DA, BRDA and FNDA, never taken from the
 * summaries LF, LH … that a tool may have got wrong. Memory does not grow with the report.
 */
export const parseLcov = async (lines: AsyncIterable<string> | Iterable<string>): Promise<ParsedCoverage> => {
  const totals = { DA: counter(), BRDA: counter(), FNDA: counter() };
  const readers = { DA: hitsOf, BRDA: takenOf, FNDA: callsOf };
  let sections = 0;
  let openSection = false;
  let number = 0;
  for await (const raw of lines) {
    number += 1;
    if (raw.length > LONGEST_LINE) return malformed(`line ${number} is longer than ${LONGEST_LINE} characters`);
    const line = raw.trim();
    const record = line.slice(0, Math.max(0, line.indexOf(':')));
    if (record === 'SF') {
      sections += 1;
      openSection = true;
    } else if (line === 'end_of_record') openSection = false;
    else if (record === 'DA' || record === 'BRDA' || record === 'FNDA') {
      const hits = readers[record](line);
      if (hits === null || hits < 0)
        return malformed(`line ${number} is not a ${record} record: "${line.slice(0, 80)}"`);
      totals[record].total += 1;
      if (hits > 0) totals[record].covered += 1;
    }
  }
  if (sections === 0) return malformed('it holds no SF record: it is not an LCOV report');
  if (openSection) return malformed('it is cut off: the last section has no end_of_record');
  const ratio = ({ covered, total }: Counter): CoverageRatio => ({ covered, total });
  return checkedTotals('lcov', {
    lines: ratio(totals.DA),
    branches: ratio(totals.BRDA),
    functions: ratio(totals.FNDA),
    statements: null,
  });
};
