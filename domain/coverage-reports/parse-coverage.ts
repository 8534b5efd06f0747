import { parseIstanbul } from './parse-istanbul';
import { parseLcov } from './parse-lcov';
import type { ParsedCoverage } from './parsed-coverage';

/** JSON has to be held in memory whole; LCOV does not. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** A report that can be read more than once, in pieces. */
export type ReportSource = {
  readonly bytes: number;
  readonly text: () => Promise<string>;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** The first characters, enough to tell the format. */
  readonly head: () => Promise<string>;
};

/** Reads a coverage report of any supported format, recognised by its content: Istanbul summary, Istanbul detail, LCOV. */
export const parseCoverage = async (source: ReportSource): Promise<ParsedCoverage> => {
  if (source.bytes === 0) return { kind: 'empty', message: 'the file has 0 bytes' };
  const head = (await source.head()).replace(/^\uFEFF/, '').trimStart();
  if (head === '') return { kind: 'empty', message: 'the file holds nothing but white space' };
  if (head.startsWith('{') || head.startsWith('[')) {
    if (source.bytes > MAX_JSON_BYTES)
      return { kind: 'malformed', message: `it has ${source.bytes} bytes; JSON reports may have ${MAX_JSON_BYTES}` };
    return parseIstanbul((await source.text()).replace(/^\uFEFF/, ''));
  }
  if (/^(TN|SF):/m.test(head)) return parseLcov(source.chunks());
  return {
    kind: 'malformed',
    message: 'it is neither an Istanbul JSON report nor LCOV (which starts with TN: or SF:)',
  };
};
