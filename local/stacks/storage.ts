import * as z from 'zod';
import { blocks, readResource } from './read-resource';
import type { Resolve } from './resolve-tokens';
import { resourcesOf, type Stack } from './terraform-json';

const keyed = { hash_key: z.string(), range_key: z.string().optional() };
const tableSchema = z.object({
  name: z.string(),
  ...keyed,
  attribute: blocks(z.object({ name: z.string(), type: z.enum(['S', 'N', 'B']) })),
  global_secondary_index: blocks(
    z.object({
      name: z.string(),
      ...keyed,
      projection_type: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
      non_key_attributes: z.array(z.string()).optional(),
    }),
  ),
});

type Keys = { readonly hashKey: string; readonly rangeKey: string | undefined };

export type TableDescription = Keys & {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly indexes: readonly (Keys & {
    readonly name: string;
    readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
    readonly projected: readonly string[] | undefined;
  })[];
};

export const describeTables = (stacks: readonly Stack[], resolve: Resolve): readonly TableDescription[] =>
  resourcesOf(stacks, 'aws_dynamodb_table').map((resource) => {
    const read = readResource(resource, tableSchema, resolve);
    return {
      name: read.name,
      hashKey: read.hash_key,
      rangeKey: read.range_key,
      attributes: read.attribute,
      indexes: read.global_secondary_index.map((index) => ({
        name: index.name,
        hashKey: index.hash_key,
        rangeKey: index.range_key,
        projection: index.projection_type,
        projected: index.non_key_attributes,
      })),
    };
  });

const queueSchema = z.object({
  name: z.string(),
  visibility_timeout_seconds: z.number().default(30),
  fifo_queue: z.literal(false).default(false),
});

export type QueueDescription = {
  readonly name: string;
  readonly url: string;
  readonly visibilitySeconds: number;
};

export const describeQueues = (stacks: readonly Stack[], resolve: Resolve): readonly QueueDescription[] =>
  resourcesOf(stacks, 'aws_sqs_queue').map((resource) => {
    const { name, visibility_timeout_seconds } = readResource(resource, queueSchema, resolve);
    const url = String(resolve(`\${aws_sqs_queue.${resource.name}.url}`, resource.stack, `aws_sqs_queue.${name}`));
    return { name, url, visibilitySeconds: visibility_timeout_seconds };
  });

const bucketSchema = z.object({ bucket: z.string() });

export const describeBuckets = (stacks: readonly Stack[], resolve: Resolve): readonly string[] =>
  resourcesOf(stacks, 'aws_s3_bucket').map((resource) => readResource(resource, bucketSchema, resolve).bucket);
