import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { WorkerError } from '../../domain/errors';
import type { CliContext, CommandInput } from '../command';

/** The text that lets us into GitHub, and where it was found, for messages. */
export type CredentialText = { readonly text: string; readonly where: string };

const MOST_BYTES = 64 * 1024;

const readFile = (path: string, name: string): CredentialText => {
  const refuse = (what: string, cause?: unknown) =>
    new WorkerError('ValidationError', `The file ${path} (${name}) ${what}.`, 'Name a file that holds the token.', {
      cause,
    });
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw refuse('is too large to hold a token');
    return { text: readFileSync(path, 'utf8'), where: `The file ${path}` };
  } catch (error) {
    if (error instanceof WorkerError) throw error;
    throw refuse(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`, error);
  }
};

/**
 * The credential for GitHub: the file after --token-file or in GITHUB_TOKEN_FILE, else the variable GITHUB_TOKEN. Never an argument: everybody on the
 * machine can read those. Null when there is none.
 */
export const findCredential = (
  { options }: Pick<CommandInput, 'options'>,
  { cwd, env }: CliContext,
): CredentialText | null => {
  const option = options['token-file'];
  if (typeof option === 'string') return readFile(resolve(cwd, option), '--token-file');
  if (env.GITHUB_TOKEN_FILE) return readFile(resolve(cwd, env.GITHUB_TOKEN_FILE), 'GITHUB_TOKEN_FILE');
  return env.GITHUB_TOKEN ? { text: env.GITHUB_TOKEN, where: 'The variable GITHUB_TOKEN' } : null;
};

/** @throws WorkerError ValidationError when there is none */
export const readCredential = (input: CommandInput, context: CliContext): CredentialText => {
  const found = findCredential(input, context);
  if (found) return found;
  throw new WorkerError(
    'ValidationError',
    'There is no token for GitHub.',
    'Set GITHUB_TOKEN, or name a file with --token-file FILE; never put a token on the command line. docs/guides/github.md',
  );
};
