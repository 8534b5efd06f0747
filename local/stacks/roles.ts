import * as z from 'zod';
import { blocks, readResource } from './read-resource';
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

const roleSchema = z.object({
  name: z.string(),
  assume_role_policy: document,
  inline_policy: blocks(z.object({ name: z.string(), policy: document })),
});
const rolePolicySchema = z.object({ name: z.string(), role: z.string(), policy: document });
const policySchema = z.object({ name: z.string(), policy: document });
const attachmentSchema = z.object({ role: z.string(), policy_arn: z.string() });

/** A role with everything that it may do, as its stacks say. */
export type RoleDescription = {
  readonly name: string;
  readonly arn: string;
  readonly trust: unknown;
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
};

export const describeRoles = (stacks: readonly Stack[], resolve: Resolve): readonly RoleDescription[] => {
  const own = resourcesOf(stacks, 'aws_iam_role_policy').map((resource) =>
    readResource(resource, rolePolicySchema, resolve),
  );
  const managed = resourcesOf(stacks, 'aws_iam_policy').map((resource) => ({
    arn: resolve(`\${aws_iam_policy.${resource.name}.arn}`, resource.stack, `aws_iam_policy.${resource.name}`),
    ...readResource(resource, policySchema, resolve),
  }));
  const attached = resourcesOf(stacks, 'aws_iam_role_policy_attachment').map((resource) =>
    readResource(resource, attachmentSchema, resolve),
  );
  return resourcesOf(stacks, 'aws_iam_role').map((resource) => {
    const { name, assume_role_policy, inline_policy } = readResource(resource, roleSchema, resolve);
    const arns = attached.filter(({ role }) => role === name).map(({ policy_arn }) => policy_arn);
    const policies = [
      ...inline_policy,
      ...own.filter(({ role }) => role === name),
      ...managed.filter(({ arn }) => arns.includes(String(arn))),
    ];
    return {
      name,
      arn: String(resolve(`\${aws_iam_role.${resource.name}.arn}`, resource.stack, `aws_iam_role.${name}`)),
      trust: assume_role_policy,
      policies: policies.map(({ name: policy, policy: text }) => ({ name: policy, document: text })),
    };
  });
};
