import * as z from 'zod';
import { lineRangeSchema } from './changed-lines';
import { coverageTotalsSchema } from './coverage';

/** Why a verdict is red. */
export const redReasonSchema = z.strictObject({
  code: z.enum([
    'TestsFailed',
    'TestsTimedOut',
    'TestsNotRun',
    'CoverageAbsent',
    'CoverageEmpty',
    'CoverageStale',
    'CoverageMalformed',
    'CoverageBelowThreshold',
    'CoverageDropped',
    'ChangedLinesUncovered',
    'ChangedLinesUnclear',
    'TestReportAbsent',
    'TestReportMalformed',
    'TasksOpen',
    'AgentFault',
    'ProtectedPathChanged',
  ]),
  message: z.string(),
});
export type RedReason = z.infer<typeof redReasonSchema>;

/** The decision about one build, and exactly what it is about. */
export const verdictSchema = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['green', 'red']),
  reasons: z.array(redReasonSchema),
  /** Tasks that the build has finished. */
  finishedTasks: z.number().int().nonnegative().default(0),
  threshold: z.number().min(0).max(100),
  coverage: z.strictObject({ before: coverageTotalsSchema.nullable(), after: coverageTotalsSchema.nullable() }),
  /** How much of what was changed is covered; null: it was not judged. Lists are cut, the figures are not. */
  changedLines: z
    .strictObject({
      covered: z.number().int().nonnegative(),
      total: z.number().int().nonnegative(),
      threshold: z.number().min(0).max(100),
      uncovered: z.array(z.strictObject({ path: z.string(), ranges: z.array(lineRangeSchema) })),
      uncoveredFiles: z.number().int().nonnegative(),
      unmeasured: z.array(z.string()),
      unclear: z.array(z.string()),
    })
    .nullable()
    .default(null),
  /** Paths in the coverage report that fit several files, and were counted as none of them. */
  ambiguousPaths: z.array(z.string()).default([]),
  boundTo: z.strictObject({
    itemId: z.string(),
    fence: z.number().int().positive(),
    base: z.string(),
    head: z.string(),
    resultHead: z.string(),
    bundleKey: z.string().nullable(),
    bundleVersionId: z.string().nullable(),
    bundleSha256: z.string().nullable(),
  }),
  decidedAt: z.iso.datetime(),
});
export type Verdict = z.infer<typeof verdictSchema>;
