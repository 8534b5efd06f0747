import { resolve } from 'node:path';
import { WorkerError } from '../domain/errors';
import { type BoardFile, readBoardFile } from '../local/board/board-file';
import { parseRepositorySource, type RepositorySource } from '../local/repository/parse-source';
import type { CliContext, CommandInput } from './command';
import { parsePort } from './parse-port';
import { repositoryState, stateRoot } from './state-folder';

/** What `kiro-worker run` is to do. */
export type RunRequest = {
  readonly source: RepositorySource;
  readonly stateFolder: string;
  readonly base: string | undefined;
  readonly board: BoardFile;
  readonly agentCommand: string;
  readonly passedVariables: string[];
  readonly port: number | undefined;
};

const optional = (input: CommandInput, name: string): string | undefined => {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
};

/** Names that the person wants the build to have as well. A name that is not set here would be missed there, in the middle of a build. */
const parsePassedVariables = (input: CommandInput, { env }: CliContext): string[] => {
  const names = (optional(input, 'pass') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const absent = names.find((name) => env[name] === undefined);
  if (absent === undefined) return names;
  throw new WorkerError('ValidationError', `The variable ${absent} is not set.`, 'Set it, or leave it out of --pass.');
};

const checkAgent = (agentCommand: string, { env }: CliContext): void => {
  if (agentCommand.trim() !== 'kiro-cli' || env.KIRO_API_KEY) return;
  throw new WorkerError(
    'ValidationError',
    'KIRO_API_KEY is not set: without a key kiro-cli waits for a login that nobody can give.',
    'Set it in the environment, not on the command line.',
  );
};

/**
 * Reads and checks everything that was typed, before anything is started.
 * @throws ValidationError with `usage` when something is missing; BoardFileInvalid
 */
export const parseRunRequest = (input: CommandInput, usage: string, context: CliContext): RunRequest => {
  const required = (name: string): string => {
    const value = optional(input, name);
    if (value !== undefined && value.trim() !== '') return value;
    throw new WorkerError('ValidationError', `--${name} is missing.`, `Usage: kiro-worker ${usage}`);
  };
  const repo = required('repo');
  const boardPath = resolve(context.cwd, required('board'));
  const agentCommand = required('agent');
  const board = readBoardFile(boardPath);
  const passedVariables = parsePassedVariables(input, context);
  checkAgent(agentCommand, context);
  const port = parsePort(input);
  const source = parseRepositorySource(repo, context.cwd);
  const stateFolder = repositoryState(stateRoot(input, context), source.kind === 'folder' ? source.path : source.url);
  return { source, stateFolder, base: optional(input, 'base'), board, agentCommand, passedVariables, port };
};
