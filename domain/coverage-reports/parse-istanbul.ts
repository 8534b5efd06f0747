import * as z from 'zod';
import type { CoverageRatio } from '../coverage';
import { checkedTotals, malformed, type ParsedCoverage } from './parsed-coverage';

const ratio = z.object({ total: z.number(), covered: z.number() });
const summarySchema = z.object({
  total: z.object({ lines: ratio, branches: ratio, functions: ratio, statements: ratio }),
});

const position = z.object({ line: z.number() });
const counts = z.record(z.string(), z.number().nonnegative());
const fileSchema = z.object({
  path: z.string(),
  statementMap: z.record(z.string(), z.object({ start: position })),
  s: counts,
  fnMap: z.record(z.string(), z.unknown()),
  f: counts,
  branchMap: z.record(z.string(), z.unknown()),
  b: z.record(z.string(), z.array(z.number().nonnegative())),
});
type FileCoverage = z.infer<typeof fileSchema>;

const where = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return issue ? `at ${issue.path.map(String).join('.') || 'its root'}: ${issue.message}` : 'somewhere';
};

const pick = ({ covered, total }: CoverageRatio): CoverageRatio => ({ covered, total });

/** Istanbul's `coverage-summary.json` (`total` with lines, branches, functions, statements). */
const parseSummary = (value: unknown): ParsedCoverage => {
  const parsed = summarySchema.safeParse(value);
  if (!parsed.success) return malformed(`it is not an Istanbul summary ${where(parsed.error)}`);
  const { lines, branches, functions, statements } = parsed.data.total;
  return checkedTotals('istanbul-summary', {
    lines: pick(lines),
    branches: pick(branches),
    functions: pick(functions),
    statements: pick(statements),
  });
};

const countHits = (hits: readonly number[]): CoverageRatio => ({
  covered: hits.filter((count) => count > 0).length,
  total: hits.length,
});

/** A line is covered when a statement that starts on it was executed: Istanbul's own definition (istanbul-lib-coverage). */
const lineHits = ({ statementMap, s }: FileCoverage): readonly number[] => {
  const byLine = new Map<number, number>();
  for (const [id, { start }] of Object.entries(statementMap))
    byLine.set(start.line, Math.max(byLine.get(start.line) ?? 0, s[id] ?? 0));
  return [...byLine.values()];
};

const add = (a: CoverageRatio, b: CoverageRatio): CoverageRatio => ({
  covered: a.covered + b.covered,
  total: a.total + b.total,
});

const NONE: CoverageRatio = { covered: 0, total: 0 };

/** Istanbul's `coverage-final.json`: a record per file with its maps and counters. */
const parseDetail = (files: readonly [string, unknown][]): ParsedCoverage => {
  let [lines, branches, functions, statements] = [NONE, NONE, NONE, NONE];
  for (const [name, value] of files) {
    const parsed = fileSchema.safeParse(value);
    if (!parsed.success)
      return malformed(`the record of ${JSON.stringify(name.slice(0, 120))} is wrong ${where(parsed.error)}`);
    const file = parsed.data;
    lines = add(lines, countHits(lineHits(file)));
    branches = add(branches, countHits(Object.values(file.b).flat()));
    functions = add(functions, countHits(Object.values(file.f)));
    statements = add(statements, countHits(Object.values(file.s)));
  }
  return checkedTotals('istanbul-detail', { lines, branches, functions, statements });
};

/** Either of Istanbul's JSON reports, told apart by what is in it. */
export const parseIstanbul = (text: string): ParsedCoverage => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return malformed(`it is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed('it is not an object as Istanbul writes it');
  const entries = Object.entries(value);
  if (entries.length === 0) return { kind: 'empty', message: 'it holds no file' };
  return 'total' in value ? parseSummary(value) : parseDetail(entries);
};
