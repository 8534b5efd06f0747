import * as z from 'zod';
import { leaseSchema } from '../../domain/lease';
import { workItemSchema } from '../../domain/work-item';
import { awsErrors, defineTask } from '../_kit/contract';

/**
 * Reads the build's result and the coverage reports themselves, and decides. Absent, empty, stale or malformed
 * coverage is red; a result that is missing, malformed or of another item is an error, because nothing may come of it.
 * The whole verdict lies under `verdictKey`, pinned by `verdictVersionId`; only what the next states choose by travels in state.
 */
export const coverageGateContract = defineTask({
  name: 'coverage-gate',
  state: 'CoverageGate',
  purpose: 'Decides from tests and coverage whether the result is green or red',
  input: z.strictObject({
    item: workItemSchema,
    lease: leaseSchema,
    executionName: z.string(),
    dryRun: z.boolean(),
  }),
  output: z.strictObject({
    kind: z.enum(['green', 'red']),
    /** The first reasons in one line, for people who look at the execution. */
    summary: z.string(),
    hasCommits: z.boolean(),
    /** What there is to publish finishes a task, or is green. */
    fruitful: z.boolean(),
    /** The version of result.json that was judged; "" where the bucket keeps no versions. */
    resultVersionId: z.string(),
    verdictKey: z.string(),
    verdictVersionId: z.string(),
    /** The agent failed on the way: after the pull request shows what there is, the item is dead-lettered. */
    fault: z.strictObject({ error: z.string(), cause: z.string() }).nullable(),
  }),
  errors: ['ResultMissing', 'ResultInvalid', 'ArtifactMismatch', ...awsErrors],
  timeoutSeconds: 120,
  memoryMegabytes: 1024,
  needs: ['artifacts:read', 'artifacts:write-verdicts'],
});
