import { describeError, errorCatalogue, WorkerError } from '../domain/errors';
import { visibleText } from '../domain/markdown';
import type { CliContext } from './command';

/** Faults of the machine that any write may meet; LevelDB has no code of its own for a full disk. */
const translate = (error: unknown): unknown => {
  const { code = '', syscall = '', path } = (error ?? {}) as NodeJS.ErrnoException;
  const isFull = ['ENOSPC', 'EDQUOT'].includes(code) || /No space left on device/.test(describeError(error));
  if (isFull && !(error instanceof WorkerError))
    return new WorkerError(
      'DiskFull',
      `The disk is full: ${describeError(error)}.`,
      'Free some space and start again.',
      {
        cause: error,
      },
    );
  const isInTheWay = code === 'ENOTDIR' || (code === 'EEXIST' && syscall === 'mkdir');
  if (path && !syscall.startsWith('spawn') && (isInTheWay || ['EACCES', 'EPERM', 'EROFS'].includes(code)))
    return new WorkerError(
      'FolderNotWritable',
      `The state cannot be kept where it lies: ${describeError(error)}.`,
      'Give this user the right to write there, or name another folder with --state FOLDER.',
      { cause: error },
    );
  return error;
};

/** Tells people, and with `json` also programs, what went wrong. Gives the exit code. */
export const complain = (raised: unknown, json: boolean, context: Pick<CliContext, 'print' | 'printError'>): number => {
  const error = translate(raised);
  const known = error instanceof WorkerError ? error : undefined;
  const code = known?.code ?? 'UnexpectedFault';
  if (json) {
    const body = { error: { code, message: known?.message ?? describeError(error), remedy: known?.remedy ?? '' } };
    context.print(JSON.stringify(body, null, 2));
  }
  // After a message of several lines the remedy must not look like a part of the last one.
  const words =
    known?.remedy && known.message.includes('\n') ? `${known.message}\n${known.remedy}` : describeError(error);
  context.printError(`kiro-worker: ${code}: ${visibleText(words)}`);
  if (!known && error instanceof Error && error.stack) context.printError(visibleText(error.stack));
  return errorCatalogue[code].exitCode;
};
