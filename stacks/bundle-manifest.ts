import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { WorkerError } from '../domain/errors';

const bundleSchema = z.strictObject({
  /** In the same folder as the manifest. */
  file: z.string().regex(/^[a-z][a-z-]*\.zip$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().positive(),
});
const bundleManifestSchema = z.strictObject({ version: z.literal(1), bundles: z.record(z.string(), bundleSchema) });

export type Bundle = z.infer<typeof bundleSchema>;
/** What scripts/bundle.mjs has made: a bundle per task, and `worker`. */
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

const unusable = (why: string): WorkerError =>
  new WorkerError('BuildOutputMissing', `The bundles cannot be used: ${why}.`, 'Run: npm run bundle');

export const parseBundleManifest = (value: unknown): BundleManifest => {
  const parsed = bundleManifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unusable(`manifest.json is wrong:\n${z.prettifyError(parsed.error)}`);
};

/** Reads `manifest.json` of a folder of bundles; BuildOutputMissing when it is not there or not what it should be. */
export const readBundleManifest = (folder: string): BundleManifest => {
  const file = join(folder, 'manifest.json');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unusable(`${file} cannot be read (${(error as Error).message})`);
  }
  return parseBundleManifest(value);
};

/** The bundle called `name`; BuildOutputMissing when a task has none. */
export const bundleOf = ({ bundles }: BundleManifest, name: string): Bundle => {
  const bundle = bundles[name];
  if (bundle) return bundle;
  throw unusable(`there is none for ${name}; there are ${Object.keys(bundles).sort().join(', ')}`);
};
