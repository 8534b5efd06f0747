import * as z from 'zod';
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
  threshold: z.number().min(0).max(100),
  coverage: z.strictObject({ before: coverageTotalsSchema.nullable(), after: coverageTotalsSchema.nullable() }),
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
