import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoLocks, type Locks } from '../../adapters/aws/dynamo-locks';
import { stepFunctionsExecutionLife } from '../../adapters/aws/execution-life';
import { createLockTable } from '../../adapters/aws/lock-table';
import type { ExecutionLife } from '../../domain/lock-row';
import type { TaskEnvironment } from './env';

/** For operators only: nothing decides by it. Longer than the longest execution of an item. */
const LEASE_SECONDS = 12 * 3600;
/** The sparse index that the core stack defines (config/naming.ts: heldLocksIndex). */
const HELD_INDEX = 'held';

/** Locks, and the question what has become of an execution. */
export const lockPorts = (
  env: TaskEnvironment,
): { readonly locks: Locks; readonly executionLife: (arn: string) => Promise<ExecutionLife> } => {
  const executionLife = stepFunctionsExecutionLife({ client: new SFNClient() });
  const table = createLockTable({ tableName: env.LOCKS_TABLE, index: HELD_INDEX }, { client: new DynamoDBClient() });
  const locks = dynamoLocks({
    table,
    executionLife,
    now: () => new Date(),
    maxConcurrentItems: env.MAX_CONCURRENT_ITEMS,
    leaseSeconds: LEASE_SECONDS,
  });
  return { locks, executionLife };
};
