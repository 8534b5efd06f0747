import { existsSync } from 'node:fs';
import type * as z from 'zod';
import { readStateFile, writeFileAtomically } from '../state-folder';

/** State of one service in one file: read once, written whole after each change. */
export const jsonFile = <T>(path: string, schema: z.ZodType<T>, empty: T) => {
  const current: { value: T } = {
    value: existsSync(path) ? readStateFile(path, (text) => schema.parse(JSON.parse(text))) : empty,
  };
  return {
    read: (): T => current.value,
    write: (value: T): void => {
      writeFileAtomically(path, JSON.stringify(value), 0o600);
      current.value = value;
    },
  };
};
