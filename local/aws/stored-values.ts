import * as z from 'zod';
import { jsonFile } from './json-file';

const valueSchema = z.record(z.string(), z.object({ value: z.string(), version: z.number(), changedAt: z.number() }));

type Values = z.infer<typeof valueSchema>;

/** Named values: the state of Secrets Manager and of Parameter Store. */
export type StoredValues = {
  readonly get: (
    name: string,
  ) => { readonly value: string; readonly version: number; readonly changedAt: number } | undefined;
  readonly names: () => readonly string[];
  readonly put: (name: string, value: string) => number;
};

const inMemory = () => {
  const current: { value: Values } = { value: {} };
  return {
    read: (): Values => current.value,
    write: (value: Values): void => {
      current.value = value;
    },
  };
};

/** Kept in `file`, or, without one, as long as this process: what is secret is never written down. */
export const createStoredValues = (now: () => Date, file?: string): StoredValues => {
  const state = file === undefined ? inMemory() : jsonFile(file, valueSchema, {});
  return {
    get: (name) => state.read()[name],
    names: () => Object.keys(state.read()),
    put: (name, value) => {
      const version = (state.read()[name]?.version ?? 0) + 1;
      state.write({ ...state.read(), [name]: { value, version, changedAt: now().getTime() } });
      return version;
    },
  };
};
