import * as z from 'zod';
import { type CoverageMetric, coverageMetrics } from '../coverage';
import { type CoverageSink, checkRatio, keyOf, MOST_LINES, NEVER_LOADED } from './coverage-sink';
import { readJsonEntries } from './json-entries';
import { quoted, ReportProblem } from './report-problem';

const percent = z.union([z.number().min(0).max(100), z.literal('Unknown')]).optional();
const ratio = z.object({ total: z.number(), covered: z.number(), pct: percent });
const summarySchema = z.object({ lines: ratio, branches: ratio, functions: ratio, statements: ratio });
type Summary = z.infer<typeof summarySchema>;

/** Where something stands in the file, as far as the tool says it: the else of an `if` may stand nowhere. */
const number = z.number().optional().catch(undefined);
const point = z.object({ line: number, column: number }).optional().catch(undefined);
const range = z.object({ start: point, end: point }).optional().catch(undefined);
type Range = z.infer<typeof range>;

const counts = z.record(z.string(), z.number().nonnegative());
const fileSchema = z.object({
  path: z.string().regex(/\S/, 'it names no file'),
  statementMap: z.record(z.string(), z.object({ start: z.object({ line: z.number(), column: number }), end: point })),
  s: counts,
  fnMap: z.record(z.string(), z.object({ loc: range, name: z.string().optional() }).catch({})),
  f: counts,
  branchMap: z.record(z.string(), z.object({ loc: range, locations: z.array(range).optional() }).catch({})),
  b: z.record(z.string(), z.array(z.number().nonnegative())),
  all: z.boolean().optional().catch(undefined),
});
type FileCoverage = z.infer<typeof fileSchema>;

const where = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return issue ? `at ${issue.path.map(String).join('.') || 'its root'}: ${issue.message}` : 'somewhere';
};

/** A line is covered when a statement that starts on it was executed: Istanbul's own definition (istanbul-lib-coverage). */
const lineHits = ({ statementMap, s }: FileCoverage): readonly (readonly [number, number])[] => {
  const byLine = new Map<number, number>();
  for (const [id, { start }] of Object.entries(statementMap))
    byLine.set(start.line, Math.max(byLine.get(start.line) ?? 0, s[id] ?? 0));
  return [...byLine].sort(([a], [b]) => a - b);
};

/** 0 for what no line of a file can be: it only tells things apart. */
const lineOf = (line: number | undefined): number =>
  line !== undefined && Number.isInteger(line) && line >= 0 && line <= MOST_LINES ? line : 0;

/** Names places of one file. Things at the same place, and those of which no place is known, are told apart by their order. */
const places = () => {
  const seen = new Map<string, number>();
  return (found: Range): { readonly line: number; readonly name: string } => {
    const { start, end } = found ?? {};
    const text = [start?.line, start?.column, end?.line, end?.column].join(':');
    const before = seen.get(text) ?? 0;
    seen.set(text, before + 1);
    return { line: lineOf(start?.line), name: `${text}#${before}` };
  };
};

/** What stands at the same place is the same, whatever its number: two builds of one file may number differently. */
const writeParts = ({ branchMap, b, fnMap, f, statementMap, s }: FileCoverage, sink: CoverageSink): void => {
  const [branchAt, functionAt, statementAt] = [places(), places(), places()];
  for (const [id, hits] of Object.entries(b)) {
    const { line, name } = branchAt(branchMap[id]?.loc ?? branchMap[id]?.locations?.[0]);
    hits.forEach((count, index) => {
      sink.branch(line, keyOf(name), index, count);
    });
  }
  for (const [id, hits] of Object.entries(f)) sink.callFunction(keyOf(functionAt(fnMap[id]?.loc).name), hits);
  for (const [id, hits] of Object.entries(s)) {
    const { line, name } = statementAt(statementMap[id]);
    sink.statement(line, keyOf(name), hits);
  }
};

/** Istanbul's own mark, which it drops when it knows better, and the name that tools write who have none. */
const isNeverLoaded = ({ all, fnMap }: FileCoverage): boolean => {
  const [first, second] = Object.values(fnMap);
  return all === true || (first?.name === NEVER_LOADED && second === undefined);
};

const readDetail = (name: string, value: unknown, sink: CoverageSink): void => {
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) throw new ReportProblem(`the record of ${quoted(name)} is wrong ${where(parsed.error)}`);
  const file = parsed.data;
  sink.begin(file.path);
  if (isNeverLoaded(file)) sink.neverLoaded();
  for (const [line, hits] of lineHits(file)) sink.line(line, hits);
  writeParts(file, sink);
  sink.end();
};

type Sums = Record<CoverageMetric, { covered: number; total: number }>;

/** The sums of a summary: over its files where it has any, and then its own total has to be just that. */
class SummaryReader {
  #total: Summary | null = null;
  #files = 0;
  readonly #sink: CoverageSink;
  readonly #sums: Sums = {
    lines: { covered: 0, total: 0 },
    branches: { covered: 0, total: 0 },
    functions: { covered: 0, total: 0 },
    statements: { covered: 0, total: 0 },
  };

  constructor(sink: CoverageSink) {
    this.#sink = sink;
  }

  entry(name: string, value: unknown): void {
    const parsed = summarySchema.safeParse(value);
    if (!parsed.success)
      throw new ReportProblem(`it is not an Istanbul summary at ${quoted(name)} ${where(parsed.error)}`);
    for (const metric of coverageMetrics) checkRatio(metric, parsed.data[metric]);
    if (name === 'total') this.#total = parsed.data;
    else this.#file(name, parsed.data);
  }

  #file(name: string, summary: Summary): void {
    if (name.trim() === '') throw new ReportProblem('one of its records names no file');
    this.#files += 1;
    this.#write(name, summary);
    for (const metric of coverageMetrics) {
      this.#sums[metric].covered += summary[metric].covered;
      this.#sums[metric].total += summary[metric].total;
    }
  }

  #write(name: string, summary: Summary): void {
    this.#sink.begin(name);
    for (const metric of coverageMetrics) this.#sink.count(metric, summary[metric]);
    this.#sink.end();
  }

  end(): void {
    const total = this.#total;
    if (!total) throw new ReportProblem('it is not an Istanbul summary: it has no total');
    if (this.#files === 0) this.#write('', total);
    else this.#checkSum(total);
  }

  #checkSum(total: Summary): void {
    const wrong = coverageMetrics.find(
      (metric) =>
        this.#sums[metric].covered !== total[metric].covered || this.#sums[metric].total !== total[metric].total,
    );
    if (wrong === undefined) return;
    throw new ReportProblem(
      `its total of ${wrong} (${total[wrong].covered} of ${total[wrong].total}) is not the sum of its files (${this.#sums[wrong].covered} of ${this.#sums[wrong].total})`,
    );
  }
}

const isSummary = (name: string, value: unknown): boolean =>
  name === 'total' || (typeof value === 'object' && value !== null && 'lines' in value && !('statementMap' in value));

/**
 * Either of Istanbul's JSON reports, file by file: `coverage-summary.json` (sums only) or `coverage-final.json` (maps and counters), told apart by the first
 * entry. @throws ReportProblem
 */
export const parseIstanbul = async (
  chunks: AsyncIterable<Uint8Array>,
  sink: CoverageSink,
): Promise<'istanbul-summary' | 'istanbul-detail'> => {
  const summary = new SummaryReader(sink);
  let format: 'istanbul-summary' | 'istanbul-detail' | null = null;
  await readJsonEntries(chunks, (name, value) => {
    format ??= isSummary(name, value) ? 'istanbul-summary' : 'istanbul-detail';
    if (format === 'istanbul-summary') summary.entry(name, value);
    else readDetail(name, value, sink);
  });
  if (format === null) throw new ReportProblem('it holds no file', 'empty');
  if (format === 'istanbul-summary') summary.end();
  return format;
};
