import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoLocks, type Locks } from '../../adapters/aws/dynamo-locks';
import { stepFunctionsExecutionLife } from '../../adapters/aws/execution-life';
import { createLockTable } from '../../adapters/aws/lock-table';
import { type StoredSecret, ssmBoardSettings, storedSecret } from '../../adapters/aws/stored-settings';
import { type BoardStatusPort, githubBoardStatus } from '../../adapters/github/board-status';
import { createGraphqlClient, type RunDocument } from '../../adapters/github/graphql-client';
import type { BoardSettings } from '../../domain/board-settings';
import type { ExecutionLife } from '../../domain/lock-row';
import type { TaskEnvironment } from './env';

/** For operators only: nothing decides by it. Longer than the longest execution of an item. */
const LEASE_SECONDS = 12 * 3600;
/** The sparse index that the core stack defines (config/naming.ts: heldLocksIndex). */
const HELD_INDEX = 'held';

const now = () => new Date();

/** Locks, and the question whether an execution lives. */
export const lockPorts = (
  env: TaskEnvironment,
): { readonly locks: Locks; readonly executionLife: (arn: string) => Promise<ExecutionLife> } => {
  const executionLife = stepFunctionsExecutionLife({ client: new SFNClient() });
  const table = createLockTable({ tableName: env.LOCKS_TABLE, index: HELD_INDEX }, { client: new DynamoDBClient() });
  const locks = dynamoLocks({
    table,
    executionLife,
    now,
    maxConcurrentItems: env.MAX_CONCURRENT_ITEMS,
    leaseSeconds: LEASE_SECONDS,
  });
  return { locks, executionLife };
};

/** GitHub with its token, and the board. `requests` counts what it has been asked so far. */
export const githubPorts = (
  env: TaskEnvironment,
): {
  readonly run: RunDocument;
  readonly requests: () => number;
  readonly settings: () => Promise<BoardSettings>;
  readonly board: BoardStatusPort;
  readonly secret: StoredSecret;
} => {
  const secret = storedSecret({ secretId: env.GITHUB_TOKEN_SECRET });
  const { run, requests } = createGraphqlClient({ apiUrl: env.GITHUB_API_URL }, { token: secret.read, now });
  const settings = ssmBoardSettings({ parameter: env.BOARD_SETTINGS_PARAMETER });
  const board = githubBoardStatus({ settings, run, pause: (milliseconds) => sleep(milliseconds) });
  return { run, requests, settings, board, secret };
};
