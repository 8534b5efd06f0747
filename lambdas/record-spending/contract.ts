import * as z from 'zod';
import { leaseSchema } from '../../domain/lease';
import { spendingReportSchema } from '../../domain/spending-report';
import { workItemSchema } from '../../domain/work-item';
import { awsErrors, defineTask } from '../_kit/contract';

/**
 * Writes down what the execution has spent, from the build's spending.json, however the build ended; repeating it counts nothing twice. The run that
 * opens the circuit breaker is told so on its issue, by the next poll if GitHub is not there. An execution that ends without coming here is settled by the next poll.
 */
export const recordSpendingContract = defineTask({
  name: 'record-spending',
  state: 'RecordSpending',
  purpose: 'Writes down what the execution has spent',
  input: z.strictObject({
    item: workItemSchema,
    lease: leaseSchema,
    executionName: z.string(),
    /** A task that was finished has arrived on the feature branch; of a dry run: would have arrived. */
    fruitful: z.boolean(),
    dryRun: z.boolean(),
  }),
  output: z.strictObject({
    outcome: z.enum(['recorded', 'nothing-spent', 'breaker-opened']),
    report: spendingReportSchema,
    /** What else a person has to know. */
    note: z.string().nullable(),
  }),
  errors: ['BudgetInvalid', ...awsErrors],
  timeoutSeconds: 60,
  memoryMegabytes: 256,
  needs: ['locks:read-write', 'artifacts:read', 'credit-budget', 'board-settings', 'github-token'],
});
