import { WorkerError } from '../../domain/errors';
import { diskFullIn } from './disk-full';
import type { ForeignEnd, Sandbox } from './sandbox';

type Input = {
  readonly command: string;
  /** 0: no time is left. */
  readonly timeoutSeconds: number;
  readonly logName: string;
};
type Deps = { readonly sandbox: Pick<Sandbox, 'run'> };

const REMEDY =
  'Run the command in a fresh clone of the branch, or name another one: install.command in kiro-worker.yml.';

const why = ({ ending, exitCode, endSignal, reason, seconds }: ForeignEnd): string => {
  if (ending === 'timed-out') return `did not end within ${Math.round(seconds)} s`;
  if (ending === 'not-started') return `cannot be started: ${reason}`;
  return exitCode === null ? `was ended by ${endSignal ?? 'a signal'}` : `exited with ${exitCode}`;
};

/** Runs the repository's own install command; gives the seconds that it took. @throws InstallFailed with the end of what it printed, DiskFull, BuildTimedOut */
export const install = async ({ command, timeoutSeconds, logName }: Input, { sandbox }: Deps): Promise<number> => {
  if (timeoutSeconds === 0) throw new WorkerError('BuildTimedOut', 'No time is left to install.', REMEDY);
  const end = await sandbox.run({ command: 'sh', args: ['-c', command], logName, title: 'install', timeoutSeconds });
  if (end.ending === 'exited' && end.exitCode === 0) return end.seconds;
  const full = diskFullIn(end.tail, 'the install command');
  if (full) throw full;
  const tail = end.tail.trim().slice(-1_000);
  throw new WorkerError('InstallFailed', `"${command}" ${why(end)}.${tail ? ` It said: ${tail}` : ''}`, REMEDY);
};
