import { WorkerError } from '../../domain/errors';
import type { Home } from '../asl/arns';
import type { Resource, Stack } from './terraform-json';

/** What AWS alone knows of a resource, by attribute (`arn`, `url` …); attributes that the resource itself sets need no entry. */
export type Attributes = (resource: Resource, resolve: Resolve) => Readonly<Record<string, () => unknown>>;

/** Replaces every token in a value of `stack`, however deep; `place` is named when one cannot be resolved. */
export type Resolve = (value: unknown, stack: Stack, place: string) => unknown;

type Reference = {
  readonly isData: boolean;
  readonly type: string;
  readonly name: string;
  readonly path: readonly string[];
};

/** `$${` and `%%{` are Terraform's escapes for the plain text `${` and `%{`. */
const token = /\$\$\{|%%\{|\$\{([^}]*)\}|%\{([^}]*)\}/g;

const parseReference = (expression: string): Reference | undefined => {
  const [, data, type, name, rest] =
    /^(data\.)?([a-z][a-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_-]*)((?:\.[A-Za-z_][A-Za-z0-9_-]*|\[\d+\]|\["[^"]+"\])+)$/.exec(
      expression.trim(),
    ) ?? [];
  if (!type || !name || !rest) return undefined;
  const path = [...rest.matchAll(/\.([\w-]+)|\[(\d+)\]|\["([^"]+)"\]/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  return { isData: data !== undefined, type, name, path };
};

const dig = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Readonly<Record<string, unknown>> | undefined)?.[step], value);

/** The stack whose state a terraform_remote_state reads: their backends say the same place. */
const remoteStack = (config: Readonly<Record<string, unknown>>, stacks: readonly Stack[]): Stack | undefined => {
  const { backend, config: place } = config as { backend?: string; config?: Readonly<Record<string, unknown>> };
  const where = backend === 's3' ? 'key' : 'path';
  return stacks.find((stack) => {
    const own = stack.terraform.backend[backend ?? '']?.[where];
    return own !== undefined && own === place?.[where];
  });
};

const surroundings = ({ region, accountId }: Home): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  aws_caller_identity: { account_id: accountId, id: accountId },
  aws_region: { region, name: region, id: region },
  aws_partition: { partition: 'aws', id: 'aws', dns_suffix: 'amazonaws.com' },
});

const unresolvable = (expression: string, place: string, why: string): WorkerError =>
  new WorkerError(
    'ValidationError',
    `The token \${${expression}} in ${place} cannot be resolved on this machine: ${why}.`,
    'Teach local/stacks about it, or leave it out of the stacks.',
  );

/** Resolves tokens to what exists on this machine. Nothing is guessed: a token that is not understood is a ValidationError that names it. */
export const createResolver = (stacks: readonly Stack[], home: Home, attributes: Attributes): Resolve => {
  const inProgress = new Set<string>();

  const ofData = ({ type, name, path }: Reference, stack: Stack, expression: string, place: string): unknown => {
    const known = surroundings(home)[type]?.[path.join('.')];
    const config = stack.data[type]?.[name];
    if (config && known !== undefined) return known;
    if (!config || type !== 'terraform_remote_state' || path[0] !== 'outputs')
      throw unresolvable(expression, place, 'it is not known here');
    const source = remoteStack(config, stacks);
    const output = source?.output[path[1] ?? ''];
    if (!source || !output) throw unresolvable(expression, place, `no stack of this environment has the output`);
    return dig(resolve(output.value, source, `output ${path[1]} of ${source.name}`), path.slice(2));
  };

  const ofResource = ({ type, name, path }: Reference, stack: Stack, expression: string, place: string): unknown => {
    const values = stack.resource[type]?.[name];
    if (!values) throw unresolvable(expression, place, `${stack.name} has no such resource`);
    const [attribute = '', ...rest] = path;
    const computed = attributes({ stack, type, name, values }, resolve)[attribute];
    if (computed) return dig(computed(), rest);
    if (values[attribute] === undefined) throw unresolvable(expression, place, `${type} has no ${attribute} here`);
    return dig(resolve(values[attribute], stack, `${type}.${name}.${attribute} of ${stack.name}`), rest);
  };

  const evaluate = (expression: string, stack: Stack, place: string): unknown => {
    const reference = parseReference(expression);
    if (!reference) throw unresolvable(expression, place, 'it is no plain reference');
    const key = `${stack.name} ${expression}`;
    if (inProgress.has(key)) throw unresolvable(expression, place, 'it refers to itself');
    inProgress.add(key);
    try {
      const value = (reference.isData ? ofData : ofResource)(reference, stack, expression, place);
      if (value === undefined) throw unresolvable(expression, place, 'it has no value');
      return value;
    } finally {
      inProgress.delete(key);
    }
  };

  const ofText = (text: string, stack: Stack, place: string): unknown => {
    const whole = /^\$\{([^}]*)\}$/.exec(text);
    if (whole) return evaluate(whole[1] ?? '', stack, place);
    return text.replace(token, (match, expression?: string, directive?: string) => {
      if (match === '$${' || match === '%%{') return match.slice(1);
      if (expression === undefined) throw unresolvable(`%{${directive}}`, place, 'directives are not evaluated');
      return String(evaluate(expression, stack, place));
    });
  };

  const resolve: Resolve = (value, stack, place) => {
    if (typeof value === 'string') return ofText(value, stack, place);
    if (Array.isArray(value)) return value.map((item, index) => resolve(item, stack, `${place}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, resolve(member, stack, `${place}.${name}`)]),
    );
  };
  return resolve;
};
