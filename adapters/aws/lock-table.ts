import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { translateAwsError } from './translate-aws-error';

export type Attributes = Readonly<Record<string, AttributeValue>>;

export type Update = {
  readonly key: string;
  readonly set?: Readonly<Record<string, AttributeValue>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
  /** Uses `#name` for every attribute and `:name` for every value of `values`. */
  readonly condition: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
};

/** The locks table as this project uses it: rows by `pk`, single conditional updates, one sparse index. */
export type LockTable = {
  readonly read: (key: string) => Promise<Attributes | null>;
  /** The new row, or null when the condition did not hold. */
  readonly update: (update: Update) => Promise<Attributes | null>;
  readonly queryHeld: (held: string) => Promise<readonly Attributes[]>;
};

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const textOf = (attribute: AttributeValue | undefined): string => attribute?.S ?? '';
export const numberOf = (attribute: AttributeValue | undefined): number => Number(attribute?.N ?? 0);

const namesIn = (expression: string): Record<string, string> =>
  Object.fromEntries([...expression.matchAll(/#(\w+)/g)].map(([marker, name]) => [marker, name ?? '']));

const expressionOf = ({ set = {}, add = {}, remove = [] }: Update): string =>
  [
    Object.keys(set).length > 0
      ? `SET ${Object.keys(set)
          .map((name) => `#${name} = :set_${name}`)
          .join(', ')}`
      : '',
    Object.keys(add).length > 0
      ? `ADD ${Object.keys(add)
          .map((name) => `#${name} :add_${name}`)
          .join(', ')}`
      : '',
    remove.length > 0 ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' ');

const prefixed = (prefix: string, values: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${prefix}${name}`, value]));

export const createLockTable = (
  { tableName, index }: { readonly tableName: string; readonly index: string },
  { client }: { readonly client: Pick<DynamoDBClient, 'send'> },
): LockTable => ({
  read: async (key) => {
    try {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { pk: text(key) }, ConsistentRead: true }),
      );
      return Item ?? null;
    } catch (error) {
      throw translateAwsError(error, `read ${key} of the locks table`);
    }
  },

  update: async (update) => {
    const expression = expressionOf(update);
    const adds = Object.fromEntries(Object.entries(update.add ?? {}).map(([name, by]) => [name, number(by)]));
    const values = {
      ...prefixed('', update.values ?? {}),
      ...prefixed('set_', update.set ?? {}),
      ...prefixed('add_', adds),
    };
    try {
      const { Attributes: row } = await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk: text(update.key) },
          UpdateExpression: expression,
          ConditionExpression: update.condition,
          ExpressionAttributeNames: namesIn(`${expression} ${update.condition}`),
          ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return row ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      throw translateAwsError(error, `write ${update.key} of the locks table`);
    }
  },

  queryHeld: async (held) => {
    const rows: Attributes[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const { Items, LastEvaluatedKey } = await client
        .send(
          new QueryCommand({
            TableName: tableName,
            IndexName: index,
            KeyConditionExpression: '#held = :held',
            ExpressionAttributeNames: { '#held': 'held' },
            ExpressionAttributeValues: { ':held': text(held) },
            ...(from ? { ExclusiveStartKey: from } : {}),
          }),
        )
        .catch((error: unknown) => {
          throw translateAwsError(error, 'query the locks table');
        });
      rows.push(...(Items ?? []));
      from = LastEvaluatedKey;
    } while (from);
    return rows;
  },
});
