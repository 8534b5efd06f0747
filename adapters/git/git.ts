import { existsSync } from 'node:fs';
import { saysDiskFull } from '../../domain/disk-full-words';
import { WorkerError } from '../../domain/errors';
import { createRedactor, type Redactor } from '../../domain/redaction';
import { type ProgramEnd, runProgram } from '../process/run-program';
import { classifyGitFailure } from './classify-git-failure';
import type { GitAnswer } from './git-answer';
import { type GitSetting, sealedEnvironment } from './sealed-git';

export type GitOptions = Omit<GitSetting, 'searchPath' | 'gitDir'> & {
  readonly stdin?: string;
  /** Default 600. */
  readonly timeoutSeconds?: number;
  /** Characters of an answer that are more than this are an error (ChangeTooLarge), never cut. Default 64 MiB. */
  readonly mostBytes?: number;
  /** Gets stdout piece by piece; `stdout` of the answer is then empty. */
  readonly onStdout?: (chunk: Buffer) => void;
};

/** One repository. Arguments that come from outside must be checked by the caller: full ref names, object ids, no leading dash. */
export type Git = {
  readonly gitDir: string;
  /** Any exit code is an answer; stderr is redacted. @throws GitMissing, Interrupted, DiskFull, BuildTimedOut */
  readonly ask: (args: readonly string[], options?: GitOptions) => Promise<GitAnswer>;
  /** Stdout of a command that has to succeed. @throws what classifyGitFailure makes of its words */
  readonly run: (args: readonly string[], options?: GitOptions) => Promise<string>;
};

export type GitDeps = {
  /** The PATH on which git is found. */
  readonly searchPath: string;
  readonly signal?: AbortSignal;
  /** Takes secrets out of what git prints; by default only what has the shape of one. */
  readonly redact?: Redactor;
};

const DEFAULT_TIMEOUT_SECONDS = 600;
const STDERR_BYTES = 64 * 1024;
const DEFAULT_MOST_BYTES = 64 * 1024 * 1024;

const isRemote = ({ protocol }: GitOptions = {}): boolean => protocol === 'http' || protocol === 'https';

const quarrel = (command: string, end: ProgramEnd, cwd: string, options: GitOptions): WorkerError => {
  const seconds = Math.round(end.seconds);
  if (end.ending === 'aborted') return new WorkerError('Interrupted', `git ${command} was interrupted.`);
  if (end.ending !== 'not-started')
    return isRemote(options)
      ? new WorkerError('RepositoryUnreachable', `The server did not answer git ${command} within ${seconds} s.`)
      : new WorkerError('BuildTimedOut', `git ${command} did not end within ${seconds} s.`);
  if (!existsSync(cwd)) return new WorkerError('UnexpectedFault', `The folder of git ${command} is gone.`);
  return new WorkerError(
    'GitMissing',
    `git cannot be started: ${end.reason}.`,
    'Install git, so that it is on the PATH.',
  );
};

/** What keeps an answer from being one; null: it is one, whatever its exit code. */
const faultOf = (command: string, end: ProgramEnd, cwd: string, options: GitOptions): WorkerError | null => {
  if (end.ending !== 'exited') return quarrel(command, end, cwd, options);
  if (saysDiskFull(end.stderr))
    return new WorkerError('DiskFull', `The disk is full: git ${command} failed.`, 'Free some space.');
  if (end.exitCode === null)
    return new WorkerError('UnexpectedFault', `git ${command} was ended by ${end.endSignal ?? 'a signal'}.`);
  if (end.truncated && !options.onStdout)
    return new WorkerError('ChangeTooLarge', `git ${command} printed more than can be looked at.`);
  return null;
};

/** Runs git sealed off from everything that a machine or a repository configures (sealed-git.ts), on exactly the repository `gitDir`. */
export const openGit = (gitDir: string, deps: GitDeps): Git => {
  const redact = deps.redact ?? createRedactor([]);

  const ask = async (args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> => {
    const { stdin, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, mostBytes = DEFAULT_MOST_BYTES, onStdout } = options;
    const cwd = options.workTree ?? gitDir;
    const end = await runProgram({
      command: 'git',
      args,
      cwd,
      env: sealedEnvironment({ ...options, gitDir, searchPath: deps.searchPath }),
      ...(stdin === undefined ? {} : { stdin }),
      timeoutSeconds,
      keepBytes: onStdout ? STDERR_BYTES : mostBytes,
      ...(deps.signal ? { signal: deps.signal } : {}),
      ...(onStdout ? { onOutput: (chunk, stream) => stream === 'stdout' && onStdout(chunk) } : {}),
    });
    const stderr = redact(end.stderr);
    const fault = faultOf(args[0] ?? '', { ...end, stderr }, cwd, options);
    if (fault) throw fault;
    return { exitCode: end.exitCode ?? 0, stdout: onStdout ? '' : end.stdout, stderr };
  };

  return {
    gitDir,
    ask,
    run: async (args, options) => {
      const answer = await ask(args, options);
      if (answer.exitCode !== 0) throw classifyGitFailure(args[0] ?? '', isRemote(options), answer);
      return answer.stdout;
    },
  };
};
