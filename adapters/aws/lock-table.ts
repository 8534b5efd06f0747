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
  /**
   * Whether a row looks as this very write leaves it. The SDK sends a write again when its answer was lost, and the second one meets the
   * row that the first one has made: that is success.
   */
  readonly isDone?: (row: Attributes) => boolean;
};

/** The locks table as this project uses it: rows by `pk`, single conditional updates, one sparse index. */
export type LockTable = {
  readonly read: (key: string) => Promise<Attributes | null>;
  /** The row as it is afterwards, or null when the condition did not hold. */
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

const commandOf = (tableName: string, update: Update): UpdateItemCommand => {
  const expression = expressionOf(update);
  const adds = Object.fromEntries(Object.entries(update.add ?? {}).map(([name, by]) => [name, number(by)]));
  const values = {
    ...prefixed('', update.values ?? {}),
    ...prefixed('set_', update.set ?? {}),
    ...prefixed('add_', adds),
  };
  return new UpdateItemCommand({
    TableName: tableName,
    Key: { pk: text(update.key) },
    UpdateExpression: expression,
    ConditionExpression: update.condition,
    ExpressionAttributeNames: namesIn(`${expression} ${update.condition}`),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
    ReturnValues: 'ALL_NEW',
  });
};

export const createLockTable = (
  { tableName, index }: { readonly tableName: string; readonly index: string },
  { client }: { readonly client: Pick<DynamoDBClient, 'send'> },
): LockTable => {
  const read = async (key: string): Promise<Attributes | null> => {
    try {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { pk: text(key) }, ConsistentRead: true }),
      );
      return Item ?? null;
    } catch (error) {
      throw translateAwsError(error, `read ${key} of the locks table`);
    }
  };

  const update = async (change: Update): Promise<Attributes | null> => {
    try {
      const { Attributes: row } = await client.send(commandOf(tableName, change));
      return row ?? {};
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException))
        throw translateAwsError(error, `write ${change.key} of the locks table`);
    }
    const row = change.isDone ? await read(change.key) : null;
    return row && change.isDone?.(row) ? row : null;
  };

  const queryHeld = async (held: string): Promise<readonly Attributes[]> => {
    const rows: Attributes[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const query = new QueryCommand({
        TableName: tableName,
        IndexName: index,
        KeyConditionExpression: '#held = :held',
        ExpressionAttributeNames: { '#held': 'held' },
        ExpressionAttributeValues: { ':held': text(held) },
        ...(from ? { ExclusiveStartKey: from } : {}),
      });
      const { Items, LastEvaluatedKey } = await client.send(query).catch((error: unknown) => {
        throw translateAwsError(error, 'query the locks table');
      });
      rows.push(...(Items ?? []));
      from = LastEvaluatedKey;
    } while (from);
    return rows;
  };

  return { read, update, queryHeld };
};
