import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import type { Resolve } from './resolve-tokens';
import type { Resource } from './terraform-json';

/** A nested block that may stand once: Terraform's JSON syntax writes it as an object or as a list of one. */
export const block = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value[0] : value), schema);

/** A nested block that may be repeated. */
export const blocks = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? (value ?? []) : [value]), z.array(schema));

/** The resource with every token of the members that `schema` names resolved. A wrong shape is a ValidationError that names the resource. */
export const readResource = <S extends z.ZodObject>(resource: Resource, schema: S, resolve: Resolve): z.infer<S> => {
  const { stack, type, name, values } = resource;
  const place = `${type}.${name} of ${stack.name}`;
  const wanted = Object.keys(schema.shape).filter((member) => values[member] !== undefined);
  const resolved = Object.fromEntries(
    wanted.map((member) => [member, resolve(values[member], stack, `${place}, ${member}`)]),
  );
  const parsed = schema.safeParse(resolved);
  if (parsed.success) return parsed.data;
  throw new WorkerError(
    'ValidationError',
    `${place} is not as this machine expects it:\n${z.prettifyError(parsed.error)}`,
    'Synthesize the stacks again; if that does not help, local/stacks has to learn it.',
  );
};
