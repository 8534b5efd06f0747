import { stackKinds } from '../../config/naming';
import { createAttributes, type World } from './attributes';
import { describeFunctions, type FunctionDescription } from './functions';
import { describePipeline, type PipelineDescription } from './pipeline';
import { describeProjects, type ProjectDescription } from './projects';
import { createResolver } from './resolve-tokens';
import { describeRoles, type RoleDescription } from './roles';
import { describeParameters, describeSecrets, type ParameterDescription } from './settings';
import {
  describeBuckets,
  describeQueues,
  describeTables,
  type QueueDescription,
  type TableDescription,
} from './storage';
import { readStacks } from './terraform-json';

/** One environment as its synthesized stacks describe it, without tokens. */
export type EnvironmentDescription = {
  readonly functions: readonly FunctionDescription[];
  readonly pipeline: PipelineDescription;
  readonly projects: readonly ProjectDescription[];
  readonly queues: readonly QueueDescription[];
  readonly tables: readonly TableDescription[];
  readonly buckets: readonly string[];
  readonly secrets: readonly string[];
  readonly parameters: readonly ParameterDescription[];
  readonly roles: readonly RoleDescription[];
};

/** Reads the stacks of one environment out of `folder` (cdktf.out) and resolves them to what exists on this machine. */
export const describeEnvironment = (
  folder: string,
  names: { readonly stack: (kind: (typeof stackKinds)[number]) => string },
  world: World,
): EnvironmentDescription => {
  const stacks = readStacks(folder, stackKinds.map(names.stack));
  const resolve = createResolver(stacks, world.home, createAttributes(world));
  return {
    functions: describeFunctions(stacks, resolve),
    pipeline: describePipeline(stacks, resolve),
    projects: describeProjects(stacks, resolve),
    queues: describeQueues(stacks, resolve),
    tables: describeTables(stacks, resolve),
    buckets: describeBuckets(stacks, resolve),
    secrets: describeSecrets(stacks, resolve),
    parameters: describeParameters(stacks, resolve),
    roles: describeRoles(stacks, resolve),
  };
};
