import * as z from 'zod';
import { leaseSchema } from '../../domain/lease';
import { spendingReportSchema } from '../../domain/spending-report';
import { workItemSchema } from '../../domain/work-item';
import { defineTask, githubErrors } from '../_kit/contract';

/**
 * Opens or updates the one pull request of the item: draft while the verdict is red. Looked up by head branch, base and author = viewer,
 * so there are never two. Where the branch has no commits of its own there is a comment on the issue and no pull request. The board then says
 * "In review" (green) or "Needs attention" (red), written and read back. A dry run writes the texts below previews/ instead.
 */
export const updatePullRequestContract = defineTask({
  name: 'update-pull-request',
  state: 'UpdatePullRequest',
  purpose: "Shows the result as the item's pull request and on the board",
  input: z.strictObject({
    item: workItemSchema,
    lease: leaseSchema,
    executionArn: z.string(),
    executionName: z.string(),
    resultVersionId: z.string(),
    verdictKey: z.string(),
    verdictVersionId: z.string(),
    /** Null: it could not be written down yet. */
    spending: spendingReportSchema.nullable().default(null),
    dryRun: z.boolean(),
  }),
  output: z.strictObject({
    pullRequest: z.strictObject({ number: z.number().int(), url: z.string(), isDraft: z.boolean() }).nullable(),
    action: z.enum(['created', 'updated', 'commented', 'dry-run']),
    status: z.string(),
  }),
  errors: ['LeaseLost', 'ResultMissing', 'ResultInvalid', 'GitHubRefused', ...githubErrors],
  timeoutSeconds: 120,
  memoryMegabytes: 512,
  needs: ['locks:read-write', 'artifacts:read', 'artifacts:write-previews', 'board-settings', 'github-token'],
});
