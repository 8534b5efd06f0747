import * as z from 'zod';
import { WorkerError } from '../domain/errors';
import { production } from './environments/production';
import { staging } from './environments/staging';
import { test } from './environments/test';
import { type Environment, environmentSchema } from './schema';

/** Every environment, in the order in which a release passes through them. */
const declared: readonly Environment[] = [test, staging, production];

/** Checks values against the schema; the message names the environment, the field and what it must be. */
export const parseEnvironment = (value: unknown): Environment => {
  const parsed = environmentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const name = String((value as { name?: unknown } | null)?.name ?? 'without a name');
  throw new WorkerError(
    'ValidationError',
    `The configuration of the environment ${name} is wrong:\n${z.prettifyError(parsed.error)}`,
    'Correct it in config/environments/.',
  );
};

export const loadEnvironments = (): readonly Environment[] => declared.map(parseEnvironment);

export const environmentNames = (): readonly string[] => declared.map(({ name }) => name);

/** The environment called `name`; an unknown name is refused with the list of those that exist. */
export const loadEnvironment = (name: string): Environment => {
  const found = declared.find((environment) => environment.name === name);
  if (found) return parseEnvironment(found);
  throw new WorkerError(
    'ValidationError',
    `There is no environment "${name}".`,
    `Use one of: ${environmentNames().join(', ')}.`,
  );
};

/** The environment in which a release is tried first; the one that runs on one machine. */
export const firstEnvironment = (): Environment => {
  const [first] = loadEnvironments();
  if (!first) throw new WorkerError('ValidationError', 'There is no environment.', 'Declare one in config/load.ts.');
  return first;
};
