import { basename } from 'node:path';
import * as z from 'zod';
import { readResource } from './read-resource';
import type { Resolve } from './resolve-tokens';
import { resourcesOf, type Stack } from './terraform-json';

const schema = z.object({
  bucket: z.string(),
  key: z.string(),
  source: z.string(),
  source_hash: z.string().regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the file, in hex'),
  content_type: z.string().default('application/octet-stream'),
});

/** A file that an apply uploads: a bundle of the release. */
export type ObjectDescription = {
  readonly bucket: string;
  readonly key: string;
  /** Its name in the folder of bundles. */
  readonly file: string;
  readonly sha256: string;
  readonly contentType: string;
};

export const describeObjects = (stacks: readonly Stack[], resolve: Resolve): readonly ObjectDescription[] =>
  resourcesOf(stacks, 'aws_s3_object').map((resource) => {
    const { bucket, key, source, source_hash, content_type } = readResource(resource, schema, resolve);
    return { bucket, key, file: basename(source), sha256: source_hash, contentType: content_type };
  });
