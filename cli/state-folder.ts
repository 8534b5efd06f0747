import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { CliContext, CommandInput } from './command';

/** Where local state lies unless `--state` says otherwise. */
export const stateRoot = ({ options }: CommandInput, { cwd }: CliContext): string =>
  resolve(cwd, typeof options.state === 'string' ? options.state : '.kiro-worker');

const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** What a command that is proposed to a person needs to be about the same state as this one: `--env` or `--state` as they were typed. */
export const samePlace = ({ options: { env, state } }: CommandInput): string => {
  if (typeof env === 'string') return ` --env ${quoted(env)}`;
  return typeof state === 'string' ? ` --state ${quoted(state)}` : '';
};

export const sampleState = (root: string): string => join(root, 'sample');

/** Each repository has a state of its own: its name for people, a digest so that two of the same name do not meet. */
export const repositoryState = (root: string, repository: string): string => {
  const digest = createHash('sha256').update(repository).digest('hex').slice(0, 8);
  const name = basename(repository.replace(/\/+$/, ''), '.git').replace(/[^A-Za-z0-9._-]/g, '-') || 'repository';
  return join(root, 'runs', `${name}-${digest}`);
};
