import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import { blocks, readResource } from './read-resource';
import type { Resolve } from './resolve-tokens';
import { resourcesOf, type Stack } from './terraform-json';

const machineSchema = z.object({
  name: z.string(),
  definition: z.string(),
  role_arn: z.string(),
  type: z.literal('STANDARD').default('STANDARD'),
});

const aliasSchema = z.object({ name: z.string() });
const routesSchema = blocks(z.object({ state_machine_version_arn: z.string(), weight: z.number() }));

/** The state machine, its definition without tokens, and the alias that points to its newest version. */
export type PipelineDescription = {
  readonly name: string;
  readonly definition: string;
  readonly role: string;
  readonly alias: string;
  /** The id of the release, as the stack tells it. */
  readonly release: string;
};

const only = <T>(found: readonly T[], what: string): T => {
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  throw new WorkerError(
    'ValidationError',
    `The stacks of one environment must have exactly one ${what}; they have ${found.length}.`,
    'Synthesize the stacks again.',
  );
};

/** Versions are numbered when they are published, so the alias' route stays a token: it must be the machine's newest version, whole. */
export const describePipeline = (stacks: readonly Stack[], resolve: Resolve): PipelineDescription => {
  const resource = only(resourcesOf(stacks, 'aws_sfn_state_machine'), 'state machine');
  const machine = readResource(resource, machineSchema, resolve);
  const alias = only(resourcesOf(stacks, 'aws_sfn_alias'), 'state machine alias');
  const { name } = readResource(alias, aliasSchema, resolve);
  const [route, ...others] = routesSchema.parse(alias.values.routing_configuration);
  const newest = `\${aws_sfn_state_machine.${resource.name}.state_machine_version_arn}`;
  if (route?.state_machine_version_arn !== newest || route.weight !== 100 || others.length > 0)
    throw new WorkerError(
      'ValidationError',
      `aws_sfn_alias.${alias.name} of ${alias.stack.name} must route everything to ${newest}.`,
      'Traffic is shifted by the release controller, not by the stack.',
    );
  const release = String(resource.stack.output.release?.value ?? '');
  return { name: machine.name, definition: machine.definition, role: machine.role_arn, alias: name, release };
};
