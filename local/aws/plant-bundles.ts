import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import type { ObjectStore } from './object-store';

const manifestSchema = z.object({
  version: z.literal(1),
  bundles: z.record(z.string(), z.object({ file: z.string(), sha256: z.string(), bytes: z.number() })),
});

const missing = (what: string): WorkerError =>
  new WorkerError('BuildOutputMissing', what, 'Build the bundles, then synthesize the stacks: npm run bundle && npm run synth.');

const readManifest = (folder: string): z.infer<typeof manifestSchema> => {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw missing(`${file} does not exist.`);
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw missing(`${file} is wrong: ${(error as Error).message}`);
  }
};

const readBundle = (folder: string, { file, sha256 }: { readonly file: string; readonly sha256: string }): Buffer => {
  const path = join(folder, file);
  const bytes = existsSync(path) ? readFileSync(path) : undefined;
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw missing(`${path} is not the bundle that the manifest names.`);
  return bytes;
};

/** Puts the built bundles where the stacks say that they are: `bundles/<sha256>.zip` in the releases bucket. Those that lie there stay. */
export const plantBundles = async (folder: string, bucket: string, objects: ObjectStore): Promise<void> => {
  for (const bundle of Object.values(readManifest(folder).bundles)) {
    const key = `bundles/${bundle.sha256}.zip`;
    if (!objects.find(bucket, key)) await objects.put(bucket, key, readBundle(folder, bundle), 'application/zip');
  }
};

/** The stacks name their bundles by digest: stacks of another build find nothing. */
export const checkBundles = (
  functions: readonly { readonly name: string; readonly bundle: { readonly bucket: string; readonly key: string } }[],
  objects: ObjectStore,
): void => {
  for (const { name, bundle } of functions) {
    if (!objects.find(bundle.bucket, bundle.key))
      throw missing(`The stacks want ${bundle.key} for ${name}, which is not among the built bundles.`);
  }
};
