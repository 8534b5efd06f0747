import { setTimeout as delay } from 'node:timers/promises';
import { WorkerError } from '../../domain/errors';
import type { TableDescription } from '../stacks/storage';
import { askDynamoDb } from './ask-dynamodb';
import type { DynamoDbAddress } from './dynamodb';

const LOOKS = 400;
const LOOK_MS = 5;

type Keys = { readonly hashKey: string; readonly rangeKey: string | undefined };

const keySchema = ({ hashKey, rangeKey }: Keys) => [
  { AttributeName: hashKey, KeyType: 'HASH' },
  ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: 'RANGE' }]),
];

const createTableInput = (table: TableDescription) => ({
  TableName: table.name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
  KeySchema: keySchema(table),
  ...(table.indexes.length === 0
    ? {}
    : {
        GlobalSecondaryIndexes: table.indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: {
            ProjectionType: index.projection,
            ...(index.projected === undefined ? {} : { NonKeyAttributes: index.projected }),
          },
        })),
      }),
});

const shapeOf = (indexes: unknown, keys: unknown): string => {
  const named = ((indexes ?? []) as { readonly IndexName: string; readonly KeySchema: unknown }[])
    .map(({ IndexName, KeySchema }) => [IndexName, KeySchema])
    .sort();
  return JSON.stringify([keys, named]);
};

type Existing = {
  readonly TableStatus: string;
  readonly KeySchema: unknown;
  readonly GlobalSecondaryIndexes?: unknown;
};

const describeTable = async (name: string, dynamoDb: DynamoDbAddress): Promise<Existing | undefined> => {
  const { status, body } = await askDynamoDb(dynamoDb, 'DescribeTable', { TableName: name });
  return status === 200 ? (body.Table as Existing) : undefined;
};

const unusable = (name: string, why: string): WorkerError =>
  new WorkerError(
    'StateInUse',
    `The local table ${name} ${why}.`,
    'Remove the local state with `npx kiro-worker local reset`.',
  );

/** A table can be used a moment after it was created, as on AWS. */
const waitUntilActive = async (name: string, dynamoDb: DynamoDbAddress): Promise<void> => {
  for (let look = 0; look < LOOKS; look += 1) {
    if ((await describeTable(name, dynamoDb))?.TableStatus === 'ACTIVE') return;
    await delay(LOOK_MS);
  }
  throw unusable(name, 'does not become active');
};

/** Creates the tables that do not exist yet. One that exists with other keys or indexes is a StateInUse: it belongs to another release. */
export const createTables = async (tables: readonly TableDescription[], dynamoDb: DynamoDbAddress): Promise<void> => {
  for (const table of tables) {
    const input = createTableInput(table);
    const existing = await describeTable(table.name, dynamoDb);
    const wanted = 'GlobalSecondaryIndexes' in input ? input.GlobalSecondaryIndexes : undefined;
    if (existing && shapeOf(existing.GlobalSecondaryIndexes, existing.KeySchema) !== shapeOf(wanted, input.KeySchema))
      throw unusable(table.name, 'has other keys or indexes than the stacks say: another release wrote it');
    if (!existing) {
      const created = await askDynamoDb(dynamoDb, 'CreateTable', input);
      if (created.status !== 200) throw unusable(table.name, `cannot be created: ${created.body.message}`);
    }
    await waitUntilActive(table.name, dynamoDb);
  }
};
