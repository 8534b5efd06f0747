import * as z from 'zod';
import { jsonFile } from './json-file';

const valueSchema = z.record(z.string(), z.object({ value: z.string(), version: z.number(), changedAt: z.number() }));

/** Named values on disk, readable by their owner only: the state of Secrets Manager and of Parameter Store. */
export type StoredValues = {
  readonly get: (
    name: string,
  ) => { readonly value: string; readonly version: number; readonly changedAt: number } | undefined;
  readonly names: () => readonly string[];
  readonly put: (name: string, value: string) => number;
};

export const createStoredValues = (file: string, now: () => Date): StoredValues => {
  const state = jsonFile(file, valueSchema, {});
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
