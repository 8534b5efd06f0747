import * as z from 'zod';
import { block, blocks, readResource } from './read-resource';
import type { Resolve } from './resolve-tokens';
import { resourcesOf, type Stack } from './terraform-json';

export const variableTypes = ['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER'] as const;

const variableSchema = z.object({
  name: z.string(),
  value: z.string(),
  type: z.enum(variableTypes).default('PLAINTEXT'),
});
export type ProjectVariable = z.infer<typeof variableSchema>;

const schema = z.object({
  name: z.string(),
  service_role: z.string(),
  encryption_key: z.string().default(''),
  build_timeout: z.number().default(60),
  queued_timeout: z.number().default(480),
  concurrent_build_limit: z.number().optional(),
  source: block(
    z.object({
      type: z.enum(['S3', 'NO_SOURCE']),
      location: z.string().default(''),
      buildspec: z.string().default(''),
    }),
  ),
  artifacts: block(z.object({ type: z.literal('NO_ARTIFACTS') })),
  environment: block(
    z.object({
      type: z.string(),
      image: z.string(),
      compute_type: z.string(),
      environment_variable: blocks(variableSchema),
    }),
  ),
});

/** A CodeBuild project. Times are minutes. */
export type ProjectDescription = {
  readonly name: string;
  readonly role: string;
  readonly encryptionKey: string;
  readonly timeoutMinutes: number;
  readonly queuedTimeoutMinutes: number;
  /** More builds than that are refused, not queued. */
  readonly concurrentBuildLimit: number | undefined;
  readonly source: { readonly type: 'S3' | 'NO_SOURCE'; readonly location: string; readonly buildspec: string };
  readonly environment: { readonly type: string; readonly image: string; readonly computeType: string };
  readonly variables: readonly ProjectVariable[];
};

export const describeProjects = (stacks: readonly Stack[], resolve: Resolve): readonly ProjectDescription[] =>
  resourcesOf(stacks, 'aws_codebuild_project').map((resource) => {
    const read = readResource(resource, schema, resolve);
    const { environment_variable: variables, compute_type: computeType, type, image } = read.environment;
    return {
      name: read.name,
      role: read.service_role,
      encryptionKey: read.encryption_key,
      timeoutMinutes: read.build_timeout,
      queuedTimeoutMinutes: read.queued_timeout,
      concurrentBuildLimit: read.concurrent_build_limit,
      source: read.source,
      environment: { type, image, computeType },
      variables,
    };
  });
