import type { Resource, StackDocument } from '../../support/synthesized-stacks';

export type Finding = { readonly resource: string; readonly message: string };

/** A rule over one synthesized stack. `cites`: the checks of checkov (CKV), trivy (AWS-) and cdk-nag that say the same. */
export type Rule = {
  readonly id: string;
  readonly cites: readonly string[];
  readonly check: (stack: StackDocument) => readonly Finding[];
};

export type Statement = {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** The statements of a policy as it stands in a stack: JSON, references and all. */
export const statementsOf = (policy: unknown): readonly Statement[] =>
  (JSON.parse(String(policy)) as { Statement: readonly Statement[] }).Statement;

/** Every policy document of a stack, wherever it hangs. */
export const policiesOf = (stack: StackDocument): readonly (readonly [string, readonly Statement[]])[] =>
  Object.entries(stack.resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([id, resource]) =>
      [resource.policy, resource.assume_role_policy]
        .filter((policy) => typeof policy === 'string')
        .map((policy) => [`${type}.${id}`, statementsOf(policy)] as const),
    ),
  );

/** A finding for each resource of a type that does not fulfil `holds`. */
export const each =
  (type: string, message: string, holds: (resource: Resource, stack: StackDocument, id: string) => boolean) =>
  (stack: StackDocument): readonly Finding[] =>
    Object.entries(stack.resource[type] ?? {})
      .filter(([id, resource]) => !holds(resource, stack, id))
      .map(([id]) => ({ resource: `${type}.${id}`, message }));

/** A finding for each resource of a type that has no companion (a bucket without its policy) or one that does not fulfil `holds`. */
export const eachWith = (
  type: string,
  companion: string,
  message: string,
  refersBy: string,
  holds: (companion: Resource) => boolean,
) =>
  each(type, message, (_, stack, id) =>
    Object.values(stack.resource[companion] ?? {}).some(
      (resource) => String(resource[refersBy]).startsWith(`\${${type}.${id}.`) && holds(resource),
    ),
  );

/** The value at a path of nested blocks; blocks that CDKTF writes as lists of one are looked through. */
export const at = (resource: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => {
    const block = Array.isArray(value) ? value[0] : value;
    return (block as Record<string, unknown> | undefined)?.[name];
  }, resource);

/** A reference to the environment's key, from the stack that has it or from an output of it. */
export const isEnvironmentKey = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\$\{(aws_kms_key\.[\w-]+\.arn|data\.terraform_remote_state\.core\.outputs\.key_arn)\}$/.test(value);
