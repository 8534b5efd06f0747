import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import { readResource } from './read-resource';
import type { Resolve } from './resolve-tokens';
import { resourcesOf, type Stack } from './terraform-json';

const document = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is not JSON: ${(error as Error).message}` });
    return z.NEVER;
  }
});

const roleSchema = z.object({ name: z.string(), assume_role_policy: document });
const policySchema = z.object({ name: z.string(), role: z.string(), policy: document });

/** Other ways to give a role permissions. None is used; one that were overlooked would make a role weaker here than on AWS. */
const otherWays = ['aws_iam_policy', 'aws_iam_policy_attachment', 'aws_iam_role_policy_attachment'];

/** A role with everything that it may do, as its stacks say. */
export type RoleDescription = {
  readonly name: string;
  readonly arn: string;
  readonly trust: unknown;
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
};

const refuseOtherWays = (stacks: readonly Stack[]): void => {
  const [found] = otherWays.flatMap((type) => resourcesOf(stacks, type));
  if (found)
    throw new WorkerError(
      'ValidationError',
      `${found.type}.${found.name} of ${found.stack.name} is not understood on this machine.`,
      'Give roles their permissions by aws_iam_role_policy.',
    );
};

export const describeRoles = (stacks: readonly Stack[], resolve: Resolve): readonly RoleDescription[] => {
  refuseOtherWays(stacks);
  const policies = resourcesOf(stacks, 'aws_iam_role_policy').map((resource) =>
    readResource(resource, policySchema, resolve),
  );
  return resourcesOf(stacks, 'aws_iam_role').map((resource) => {
    const { name, assume_role_policy } = readResource(resource, roleSchema, resolve);
    return {
      name,
      arn: String(resolve(`\${aws_iam_role.${resource.name}.arn}`, resource.stack, `aws_iam_role.${name}`)),
      trust: assume_role_policy,
      policies: policies
        .filter(({ role }) => role === name)
        .map(({ name: policy, policy: text }) => ({ name: policy, document: text })),
    };
  });
};
