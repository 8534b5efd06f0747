import * as z from 'zod';
import { receiptCountsSchema, tickOutcomes } from '../../domain/receipt';
import { workItemSchema } from '../../domain/work-item';
import { defineTask } from '../_kit/contract';

/**
 * Looks at the board once and hands back what may start now: highest priority first, then oldest, at most the free slots.
 * Before that it gives items of dead executions back (dead-letters them once; parks them after MAX_ATTEMPTS).
 * What such executions have spent is written down, and nothing is begun that budget or circuit breaker are against. A rate limit, and a GitHub that cannot answer, end the
 * tick quietly; a renamed field or option is BoardMisconfigured. Every tick, also one that fails, leaves a receipt in
 * the artifacts bucket. A dry run changes neither locks nor board.
 */
export const pollWorkItemsContract = defineTask({
  name: 'poll-work-items',
  state: 'PollWorkItems',
  purpose: 'Reads the board and chooses the items that may start now',
  input: z.strictObject({
    executionArn: z.string(),
    executionName: z.string(),
    startedAt: z.iso.datetime(),
    dryRun: z.boolean(),
  }),
  output: z.strictObject({
    outcome: z.enum(tickOutcomes).exclude(['failed']),
    items: z.array(workItemSchema),
    message: z.string(),
    counts: receiptCountsSchema,
    receiptKey: z.string(),
  }),
  errors: [
    'BoardMisconfigured',
    'BudgetInvalid',
    'GitHubRefused',
    'AuthenticationFailed',
    'SecretMissing',
    'PermissionDenied',
    'NotFound',
    'AwsUnavailable',
    'ValidationError',
  ],
  timeoutSeconds: 300,
  memoryMegabytes: 512,
  needs: [
    'locks:read-write',
    'artifacts:read',
    'artifacts:write-receipts',
    'credit-budget',
    'board-settings',
    'github-token',
    'dead-letter-queue:send',
    'executions:describe',
  ],
});
