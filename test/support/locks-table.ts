import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoLocks, type Locks } from '../../adapters/aws/dynamo-locks';
import { createLockTable, type LockTable } from '../../adapters/aws/lock-table';
import type { ExecutionLife } from '../../domain/lock-row';
import { startDynamoDb } from '../../local/aws/dynamodb';
import { temporaryFolder } from './temporary-folder';

/** Executions whose life a test decides: they run until it says otherwise. */
export type Executions = Map<string, ExecutionLife>;

export type LocksBench = {
  readonly client: DynamoDBClient;
  readonly table: LockTable;
  readonly executions: Executions;
  readonly executionLife: (arn: string) => Promise<ExecutionLife>;
  /** Locks over the same table, with so many slots. */
  readonly locks: (maxConcurrentItems?: number, table?: LockTable) => Locks;
};

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example', sessionToken: 'a-session' };
export const LOCKS_TABLE = 'locks';

/** The table as the core stack makes it. */
export const createLocksTable = async (client: DynamoDBClient, tableName = LOCKS_TABLE): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'held', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'held',
          KeySchema: [
            { AttributeName: 'held', KeyType: 'HASH' },
            { AttributeName: 'pk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const isActive = async () =>
    (await client.send(new DescribeTableCommand({ TableName: tableName }))).Table?.TableStatus === 'ACTIVE';
  while (!(await isActive()));
};

/** A real DynamoDB (dynalite) with a fresh locks table for each test of the enclosing `describe`. */
export const locksBench = (): (() => LocksBench) => {
  const folder = temporaryFolder();
  let bench: LocksBench | undefined;
  let close = async (): Promise<void> => undefined;
  beforeEach(async () => {
    const server = await startDynamoDb(folder());
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'eu-west-1',
      credentials: { ...credentials, accessKeyId: server.key },
    });
    await createLocksTable(client);
    const table = createLockTable({ tableName: LOCKS_TABLE, index: 'held' }, { client });
    const executions: Executions = new Map();
    const executionLife = async (arn: string) => executions.get(arn) ?? 'running';
    const now = () => new Date('2026-11-01T10:00:00.000Z');
    bench = {
      client,
      table,
      executions,
      executionLife,
      locks: (maxConcurrentItems = 1, other = table) =>
        dynamoLocks({ table: other, executionLife, now, maxConcurrentItems, leaseSeconds: 3600 }),
    };
    close = async () => {
      client.destroy();
      await server.close();
    };
  });
  afterEach(() => close());
  return () => {
    if (!bench) throw new Error('the bench is there only inside a test');
    return bench;
  };
};
