import { WorkerError } from '../../domain/errors';
import type { TableDescription } from '../stacks/storage';
import { askDynamoDb } from './ask-dynamodb';

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

/** Creates the tables that do not exist yet. One that exists with other keys or indexes is a StateInUse: it belongs to another release. */
export const createTables = async (tables: readonly TableDescription[], port: number): Promise<void> => {
  for (const table of tables) {
    const input = createTableInput(table);
    const existing = await askDynamoDb(port, 'DescribeTable', { TableName: table.name });
    if (existing.status === 200) {
      const found = existing.body.Table as { readonly KeySchema: unknown; readonly GlobalSecondaryIndexes?: unknown };
      const wanted = 'GlobalSecondaryIndexes' in input ? input.GlobalSecondaryIndexes : undefined;
      if (shapeOf(found.GlobalSecondaryIndexes, found.KeySchema) === shapeOf(wanted, input.KeySchema)) continue;
      throw new WorkerError(
        'StateInUse',
        `The local table ${table.name} has other keys or indexes than the stacks say.`,
        'It was written by another release: remove the local state with `kiro-worker local reset`.',
      );
    }
    const created = await askDynamoDb(port, 'CreateTable', input);
    if (created.status !== 200)
      throw new WorkerError('ValidationError', `The table ${table.name} cannot be created: ${created.body.message}`);
  }
};
