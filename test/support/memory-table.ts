import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Attributes, type LockTable, numberOf, type Update } from '../../adapters/aws/lock-table';

/** Whether a row may be changed: the two kinds of condition that the credit rows use, and no other. */
const holds = (row: Attributes | undefined, { condition, values = {} }: Update): boolean => {
  const absent = /^attribute_not_exists\(#(\w+)\)$/.exec(condition)?.[1];
  if (absent) return row?.[absent] === undefined;
  if (condition === '#version = :version') return numberOf(row?.version) === numberOf(values.version);
  throw new Error(`the table in memory does not know the condition ${condition}`);
};

/** Rows in memory, for thousands of steps in a second. What DynamoDB itself does is tested on its stand-in. */
export const memoryTable = (): Pick<LockTable, 'read' | 'update'> => {
  const rows = new Map<string, Record<string, AttributeValue>>();
  return {
    read: async (key) => rows.get(key) ?? null,
    update: async (update) => {
      const row = rows.get(update.key);
      if (!holds(row, update)) return null;
      const after = { ...row, ...update.set };
      for (const name of update.remove ?? []) delete after[name];
      rows.set(update.key, after);
      return after;
    },
  };
};
