import type { Home } from '../asl/arns';
import { createAttributes, type World } from './attributes';
import { describeFunctions, type FunctionDescription } from './functions';
import { describeObjects, type ObjectDescription } from './objects';
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
import type { Stack } from './terraform-json';

/** What has to be there first: everything else may name versions of it. */
export type Deposits = { readonly buckets: readonly string[]; readonly objects: readonly ObjectDescription[] };

/** One environment as its synthesized stacks describe it, without tokens. */
export type EnvironmentDescription = {
  readonly functions: readonly FunctionDescription[];
  readonly pipeline: PipelineDescription;
  readonly projects: readonly ProjectDescription[];
  readonly queues: readonly QueueDescription[];
  readonly tables: readonly TableDescription[];
  readonly secrets: readonly string[];
  readonly parameters: readonly ParameterDescription[];
  readonly roles: readonly RoleDescription[];
};

const notYet = (): never => {
  throw new TypeError('a bucket or an object names the version of something');
};

export const describeDeposits = (stacks: readonly Stack[], home: Home): Deposits => {
  const world = { home, url: '', functionVersion: notYet, objectVersion: notYet };
  const resolve = createResolver(stacks, home, createAttributes(world));
  return { buckets: describeBuckets(stacks, resolve), objects: describeObjects(stacks, resolve) };
};

/** Resolves the stacks of one environment to what exists on this machine. */
export const describeEnvironment = (stacks: readonly Stack[], world: World): EnvironmentDescription => {
  const resolve = createResolver(stacks, world.home, createAttributes(world));
  return {
    functions: describeFunctions(stacks, resolve),
    pipeline: describePipeline(stacks, resolve),
    projects: describeProjects(stacks, resolve),
    queues: describeQueues(stacks, resolve),
    tables: describeTables(stacks, resolve),
    secrets: describeSecrets(stacks, resolve),
    parameters: describeParameters(stacks, resolve),
    roles: describeRoles(stacks, resolve),
  };
};
