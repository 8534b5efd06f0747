import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cachedCreditBudget } from '../../adapters/aws/credit-budget-parameter';
import { type CreditLedger, creditLedger } from '../../adapters/aws/credit-ledger';
import { createLockTable } from '../../adapters/aws/lock-table';
import { withBreakerMetric } from './breaker-metric';
import { breakerMetric } from './contract';
import { emitMetrics, perRelease, toLog } from './emit-metric';
import type { TaskEnvironment } from './env';

/** What may be spent and what has been. */
export const creditPorts = (env: TaskEnvironment): CreditLedger =>
  withBreakerMetric(
    creditLedger({
      table: createLockTable({ tableName: env.LOCKS_TABLE, index: '' }, { client: new DynamoDBClient() }),
      budget: cachedCreditBudget({ parameter: env.CREDIT_BUDGET_PARAMETER }),
      now: () => new Date(),
    }),
    () => emitMetrics({ [breakerMetric]: 1 }, perRelease, env, toLog),
  );
