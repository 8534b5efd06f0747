import * as z from 'zod';
import { jsonFile } from '../aws/json-file';
import type { FunctionDescription } from '../stacks/functions';

const versionSchema = z.object({
  name: z.string(),
  handler: z.string(),
  runtime: z.string(),
  role: z.string(),
  bundle: z.object({ bucket: z.string(), key: z.string() }),
  timeoutSeconds: z.number(),
  memoryMegabytes: z.number(),
  environment: z.record(z.string(), z.string()),
});
/** Code and configuration of one version of a function: they never change. */
export type FunctionVersion = z.infer<typeof versionSchema>;

export type FunctionVersions = {
  /** The number of the version that is exactly this one; a new one is published when there is none, as Lambda does. */
  readonly publish: (description: FunctionDescription) => number;
  readonly find: (name: string, number: string) => FunctionVersion | undefined;
  readonly has: (name: string) => boolean;
};

/** Versions of all functions on disk, so that an earlier version of the state machine finds the code that it names. */
export const openFunctionVersions = (file: string): FunctionVersions => {
  const state = jsonFile(file, z.record(z.string(), z.array(versionSchema)), {});
  const versionsOf = (name: string): readonly FunctionVersion[] =>
    Object.hasOwn(state.read(), name) ? (state.read()[name] ?? []) : [];
  return {
    publish: (description) => {
      const { name } = description;
      const wanted = JSON.stringify(versionSchema.parse(description));
      const existing = versionsOf(name).findIndex((version) => JSON.stringify(version) === wanted);
      if (existing >= 0) return existing + 1;
      const versions = [...versionsOf(name), versionSchema.parse(description)];
      state.write({ ...state.read(), [name]: versions });
      return versions.length;
    },
    find: (name, number) => (/^[1-9]\d*$/.test(number) ? versionsOf(name)[Number(number) - 1] : undefined),
    has: (name) => versionsOf(name).length > 0,
  };
};
