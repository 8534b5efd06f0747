import * as z from 'zod';
import { leaseSchema } from '../../domain/lease';
import { workItemSchema } from '../../domain/work-item';
import { defineTask, githubErrors } from '../_kit/contract';

/**
 * Tells people that an item failed: one comment on the issue, edited in place, that says which step, why, what to do and where the log is,
 * nothing secret; and the board says "Needs attention". An execution that has lost its lease writes nothing.
 */
export const reportFailureContract = defineTask({
  name: 'report-failure',
  state: 'ReportFailure',
  purpose: 'Reports a failed item on its issue and on the board',
  input: z.strictObject({
    item: workItemSchema,
    lease: leaseSchema,
    executionArn: z.string(),
    executionName: z.string(),
    failure: z.strictObject({ step: z.string(), error: z.string(), cause: z.string() }),
    dryRun: z.boolean(),
  }),
  output: z.strictObject({
    outcome: z.enum(['reported', 'lease-lost', 'dry-run']),
    /** The most telling code and sentence that could be found: the worker's own error when it left one. */
    code: z.string(),
    message: z.string(),
  }),
  errors: ['GitHubRefused', ...githubErrors],
  timeoutSeconds: 60,
  memoryMegabytes: 256,
  needs: ['locks:read-write', 'artifacts:read', 'board-settings', 'github-token'],
});
