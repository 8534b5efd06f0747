import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkerError } from '../../domain/errors';
import type { ObjectDescription } from '../stacks/objects';
import type { ObjectStore } from './object-store';

const readBundle = (folder: string, { file, sha256 }: ObjectDescription): Buffer => {
  const path = join(folder, file);
  const bytes = existsSync(path) ? readFileSync(path) : undefined;
  if (bytes && createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new WorkerError(
    'BuildOutputMissing',
    bytes ? `${path} is not the bundle that the stacks were synthesized for.` : `${path} does not exist.`,
    'Build the bundles and synthesize the stacks: npm run synth.',
  );
};

/** Uploads what an apply would upload, out of the folder of bundles. An object whose newest version is the same already stays. */
export const uploadObjects = async (
  folder: string,
  objects: readonly ObjectDescription[],
  store: ObjectStore,
): Promise<void> => {
  for (const object of objects) {
    if (store.find(object.bucket, object.key)?.sha256 === object.sha256) continue;
    await store.put(object.bucket, object.key, readBundle(folder, object), object.contentType);
  }
};
