import { type ProgramEnd, runProgram } from '../../adapters/process/run-program';
import { WorkerError } from '../../domain/errors';
import { absoluteSearchPath } from '../../domain/search-path';

/** Git as the person at this machine has set it up: with their configuration, their keys and their credential helpers. */
export type UserGit = (folder: string, args: readonly string[]) => Promise<ProgramEnd>;

type Credentials = { readonly server: string; readonly userAndPassword: string } | null;

/** Credentials go through the environment: argv is visible to everybody on the machine, and a configuration file stays. */
const headerVariables = (credentials: Credentials): Record<string, string> =>
  credentials
    ? {
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `http.${credentials.server}.extraHeader`,
        GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(credentials.userAndPassword).toString('base64')}`,
      }
    : {};

/** For kiro-cli alone: git runs helpers and whatever a configuration names. */
const AGENT_KEY = 'KIRO_API_KEY';

const DAY_SECONDS = 24 * 3600;

/** @throws WorkerError GitMissing when there is no git on PATH, Interrupted when `signal` aborts. */
export const createUserGit = (
  env: Readonly<Record<string, string | undefined>>,
  credentials: Credentials,
  signal: AbortSignal,
): UserGit => {
  const inherited = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== AGENT_KEY,
  );
  const environment = {
    ...Object.fromEntries(inherited),
    PATH: absoluteSearchPath(env.PATH ?? ''),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    ...headerVariables(credentials),
  };
  return async (folder, args) => {
    const end = await runProgram({
      command: 'git',
      args,
      cwd: folder,
      env: environment,
      timeoutSeconds: DAY_SECONDS,
      signal,
    });
    if (end.ending === 'not-started')
      throw new WorkerError('GitMissing', 'The program "git" was not found.', 'Install git and put it on the PATH.');
    if (end.ending === 'aborted') throw new WorkerError('Interrupted', 'Interrupted while git was at work.');
    return end;
  };
};
