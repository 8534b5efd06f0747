import * as z from 'zod';
import { block, readResource } from './read-resource';
import type { Resolve } from './resolve-tokens';
import { type Resource, resourcesOf, type Stack } from './terraform-json';

const schema = z.object({
  function_name: z.string(),
  handler: z.string(),
  runtime: z.string(),
  role: z.string(),
  s3_bucket: z.string(),
  s3_key: z.string(),
  timeout: z.number().default(3),
  memory_size: z.number().default(128),
  environment: block(z.object({ variables: z.record(z.string(), z.string()).default({}) })).optional(),
});

/** A Lambda function as its stack describes it: what a version of it consists of. */
export type FunctionDescription = {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  /** ARN of the role whose credentials it gets. */
  readonly role: string;
  readonly bundle: { readonly bucket: string; readonly key: string };
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
};

export const describeFunction = (resource: Resource, resolve: Resolve): FunctionDescription => {
  const read = readResource(resource, schema, resolve);
  return {
    name: read.function_name,
    handler: read.handler,
    runtime: read.runtime,
    role: read.role,
    bundle: { bucket: read.s3_bucket, key: read.s3_key },
    timeoutSeconds: read.timeout,
    memoryMegabytes: read.memory_size,
    environment: read.environment?.variables ?? {},
  };
};

export const describeFunctions = (stacks: readonly Stack[], resolve: Resolve): readonly FunctionDescription[] =>
  resourcesOf(stacks, 'aws_lambda_function').map((resource) => describeFunction(resource, resolve));
