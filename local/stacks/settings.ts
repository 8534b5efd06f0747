import * as z from 'zod';
import { readResource } from './read-resource';
import type { Resolve } from './resolve-tokens';
import { resourcesOf, type Stack } from './terraform-json';

/** Names of the secrets. Their values are never in a stack. */
export const describeSecrets = (stacks: readonly Stack[], resolve: Resolve): readonly string[] =>
  resourcesOf(stacks, 'aws_secretsmanager_secret').map(
    (resource) => readResource(resource, z.object({ name: z.string() }), resolve).name,
  );

const parameterSchema = z.object({
  name: z.string(),
  value: z.string().optional(),
  insecure_value: z.string().optional(),
});

export type ParameterDescription = { readonly name: string; readonly initialValue: string };

export const describeParameters = (stacks: readonly Stack[], resolve: Resolve): readonly ParameterDescription[] =>
  resourcesOf(stacks, 'aws_ssm_parameter').map((resource) => {
    const { name, value, insecure_value } = readResource(resource, parameterSchema, resolve);
    return { name, initialValue: value ?? insecure_value ?? '' };
  });
