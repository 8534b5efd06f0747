import * as z from 'zod';

export const coverageMetrics = ['lines', 'branches', 'functions', 'statements'] as const;
export type CoverageMetric = (typeof coverageMetrics)[number];

/** `covered` of `total`; a metric that the report's format does not have is null (LCOV knows no statements). */
const ratioSchema = z.strictObject({ covered: z.number().int().nonnegative(), total: z.number().int().nonnegative() });
export type CoverageRatio = z.infer<typeof ratioSchema>;

export const coverageTotalsSchema = z.strictObject({
  lines: ratioSchema,
  branches: ratioSchema.nullable(),
  functions: ratioSchema.nullable(),
  statements: ratioSchema.nullable(),
});
export type CoverageTotals = z.infer<typeof coverageTotalsSchema>;

/** Percent, cut (not rounded) to two decimals as Istanbul does, so that 79.999 never passes for 80. Nothing to cover is 100. */
export const percentOf = ({ covered, total }: CoverageRatio): number =>
  total === 0 ? 100 : Math.floor((covered * 10_000) / total) / 100;
