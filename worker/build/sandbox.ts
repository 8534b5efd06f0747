import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { type Program, type ProgramEnd, runProgram } from '../../adapters/process/run-program';
import { WorkerError } from '../../domain/errors';
import type { BuildLogs } from './build-logs';
import type { BuildUser } from './build-user';
import { endMarked, type ProcessMark } from './leftovers';
import type { WorkFolder } from './work-folder';

/** A program that is not ours, in the root folder of the work tree. */
export type ForeignProgram = {
  readonly command: string;
  readonly args: readonly string[];
  /** Name of its log file, and what stands in front of its lines in the build's log. */
  readonly logName: string;
  readonly title: string;
  readonly stdin?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly stallSeconds?: number;
  readonly reader?: OutputReader;
  /** Aborted: the program is ended (`aborted`), and the build goes on. */
  readonly stop?: AbortSignal;
};

/** Sees all that a program prints, as it comes, and gives what its log shows in place of it. It must not throw. */
export type OutputReader = {
  readonly read: (chunk: Buffer, stream: 'stdout' | 'stderr') => string;
  readonly end: () => string;
};

export type ForeignEnd = Pick<ProgramEnd, 'ending' | 'exitCode' | 'endSignal' | 'reason' | 'seconds'> & {
  /** The last lines that it printed, redacted. */
  readonly tail: string;
};

export type Sandbox = {
  /** False: there is no other user to run as, so what runs in here can reach all that we can. */
  readonly isolated: boolean;
  /** Runs it to its end, then ends whatever it left running. @throws Interrupted */
  readonly run: (program: ForeignProgram) => Promise<ForeignEnd>;
  /** A program of ours (git, rm) with the rights of the build user, so that hostile files can lead it nowhere else. @throws Interrupted */
  readonly runOurs: (program: Pick<Program, 'command' | 'args' | 'env' | 'stdin'>) => Promise<ProgramEnd>;
  /** Ends everything that this sandbox ever started and that still runs. Nothing can be started in it any more. A second time it does nothing: its group may be another build's by then. */
  readonly close: () => Promise<void>;
};

type Setting = {
  readonly folder: WorkFolder;
  readonly user: BuildUser | null;
  /** Variables that they get beside those of the sandbox, and that go before them. */
  readonly passedVariables: Readonly<Record<string, string>>;
};
type Deps = {
  readonly searchPath: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly logs: Pick<BuildLogs, 'open'>;
};

const OUR_PROGRAMS_SECONDS = 600;
/** What a program prints goes to its log as it comes; none of it is needed in memory. */
const NOTHING_KEPT = 1;

/**
 * The whole environment of programs that are not ours. Of the supervisor's variables only those are in it that are passed on by name: no AWS_*, above all
 * not the path under which the container's credentials are served. npm does not call home.
 */
const environmentOf = ({ folder, user, passedVariables }: Setting, searchPath: string): Record<string, string> => ({
  PATH: searchPath,
  HOME: folder.home,
  TMPDIR: folder.temporary,
  ...(user ? { USER: user.name, LOGNAME: user.name } : {}),
  SHELL: '/bin/sh',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
  CI: 'true',
  GIT_CEILING_DIRECTORIES: dirname(folder.tree),
  npm_config_update_notifier: 'false',
  npm_config_fund: 'false',
  npm_config_audit: 'false',
  ...passedVariables,
});

const SETPRIV = ['setpriv', '--no-new-privs', '--'] as const;

/** Prevents setuid programs (sudo, su) from giving privileges back; util-linux has the tool, other systems do not. */
const hasSetpriv = async (program: Omit<Program, 'command'>): Promise<boolean> => {
  const [command, ...args] = SETPRIV;
  const end = await runProgram({ ...program, command, args: [...args, 'true'] });
  return end.exitCode === 0;
};

const checkReach = async ({ folder, user }: Setting, program: Omit<Program, 'command'>): Promise<void> => {
  const end = await runProgram({ ...program, command: 'sh', args: ['-c', 'test -w . && test -w "$HOME"'] });
  if (end.exitCode === 0) return;
  const who = user ? `The user "${user.name}"` : 'The build';
  throw new WorkerError(
    'ValidationError',
    `${who} cannot work in ${folder.tree}: ${end.reason || 'a folder above it is closed to that user'}.`,
    'Let every folder above it be entered by everybody (chmod o+x), or put the work folder elsewhere.',
  );
};

/** @throws ValidationError when the build user cannot reach the work folder */
export const createSandbox = async (setting: Setting, deps: Deps): Promise<Sandbox> => {
  const { folder, user } = setting;
  const token = `KIRO_WORKER_RUN=${randomBytes(16).toString('hex')}`;
  const mark: ProcessMark = user ? { kind: 'group', gid: user.gid } : { kind: 'variable', text: token };
  const identity = user ? { user: { uid: user.uid, gid: user.gid } } : {};
  const env = { ...environmentOf(setting, deps.searchPath), KIRO_WORKER_RUN: token.split('=')[1] ?? '' };
  const probe = { cwd: folder.tree, env, ...identity, timeoutSeconds: 30 };
  await checkReach(setting, probe);
  const prefix = (await hasSetpriv(probe)) ? SETPRIV : [];

  const end = async (): Promise<void> => {
    await endMarked(mark);
    user?.release();
  };
  let closing: Promise<void> | null = null;
  const interruptible = <End extends Pick<ProgramEnd, 'ending'>>(end: End, what: string): End => {
    if (end.ending === 'aborted') throw new WorkerError('Interrupted', `${what} was interrupted.`);
    return end;
  };
  return {
    isolated: user !== null,
    run: async ({ command, args, logName, title, variables, reader, stop, ...limits }) => {
      const log = deps.logs.open(logName, title);
      const show = (text: string, stream: 'stdout' | 'stderr'): void => log.write(Buffer.from(text), stream);
      const [file = command, ...fileArgs] = [...prefix, command, ...args];
      const { ending, exitCode, endSignal, reason, seconds } = await runProgram({
        ...limits,
        command: file,
        args: fileArgs,
        cwd: folder.tree,
        env: { ...env, ...variables },
        ...identity,
        signal: stop ? AbortSignal.any([deps.signal, stop]) : deps.signal,
        keepBytes: NOTHING_KEPT,
        onOutput: reader ? (chunk, stream) => show(reader.read(chunk, stream), stream) : log.write,
      });
      if (reader) show(reader.end(), 'stdout');
      const leftovers = await endMarked(mark);
      const tail = log.end();
      if (leftovers > 0) deps.log(`${title}: ended ${leftovers} processes that it had left running`);
      const end = { ending, exitCode, endSignal, reason, seconds, tail };
      return stop?.aborted && !deps.signal.aborted ? end : interruptible(end, title);
    },
    runOurs: async (program) =>
      interruptible(
        await runProgram({
          ...program,
          cwd: folder.tree,
          ...identity,
          signal: deps.signal,
          timeoutSeconds: OUR_PROGRAMS_SECONDS,
        }),
        program.command,
      ),
    close: () => {
      closing ??= end();
      return closing;
    },
  };
};
