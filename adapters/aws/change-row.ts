import { WorkerError } from '../../domain/errors';
import { type Attributes, type LockTable, number, numberOf, type Update } from './lock-table';

type Change<T> = {
  /** Null: the row stays as it is. */
  readonly change: Pick<Update, 'set' | 'remove'> | null;
  readonly result: T;
};

/** Contenders for one row are as many as there are slots; each round one of them wins. */
const MOST_TRIES = 50;

/**
 * Changes a row only if it is still as `plan` has seen it; else it is read and planned anew. Such rows count their versions.
 * @throws AwsUnavailable when others are faster again and again
 */
export const changeRow = async <T>(
  key: string,
  plan: (row: Attributes | null) => Promise<Change<T>>,
  table: Pick<LockTable, 'read' | 'update'>,
): Promise<T> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const row = await table.read(key);
    const { change, result } = await plan(row);
    if (change === null) return result;
    const version = numberOf(row?.version);
    const done = await table.update({
      key,
      set: { ...change.set, version: number(version + 1) },
      ...(change.remove ? { remove: change.remove } : {}),
      condition: version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
      ...(version === 0 ? {} : { values: { version: number(version) } }),
    });
    if (done) return result;
  }
  throw new WorkerError('AwsUnavailable', `The row ${key} of the locks table changes too often.`, 'Try again later.');
};
