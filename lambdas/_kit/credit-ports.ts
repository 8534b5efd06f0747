import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cachedCreditBudget } from '../../adapters/aws/credit-budget-parameter';
import { type CreditLedger, creditLedger } from '../../adapters/aws/credit-ledger';
import { createLockTable } from '../../adapters/aws/lock-table';
import type { TaskEnvironment } from './env';

/** What may be spent and what has been. */
export const creditPorts = ({ LOCKS_TABLE, CREDIT_BUDGET_PARAMETER }: TaskEnvironment): CreditLedger =>
  creditLedger({
    table: createLockTable({ tableName: LOCKS_TABLE, index: '' }, { client: new DynamoDBClient() }),
    budget: cachedCreditBudget({ parameter: CREDIT_BUDGET_PARAMETER }),
    now: () => new Date(),
  });
