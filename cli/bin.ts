import { describeError, errorCatalogue, exitCodes, WorkerError } from '../domain/errors';
import type { CliContext, Command } from './command';
import { commands } from './command-list';
import { parseArguments } from './parse-arguments';
import { helpFor, overview } from './render/help';

/** The longest command name that the first words spell: `dlq list` before `dlq`. */
const findCommand = (words: readonly string[]): { command: Command; rest: readonly string[] } | undefined => {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command) return { command, rest: words.slice(length) };
  }
  return undefined;
};

/** Faults of the machine that any write may meet. */
const translate = (error: unknown): unknown => {
  const { code = '', syscall = '', path } = (error ?? {}) as NodeJS.ErrnoException;
  if (['ENOSPC', 'EDQUOT'].includes(code))
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

const complain = (raised: unknown, json: boolean, context: CliContext): number => {
  const error = translate(raised);
  const known = error instanceof WorkerError ? error : undefined;
  const code = known?.code ?? 'UnexpectedFault';
  if (json) {
    const body = { error: { code, message: known?.message ?? describeError(error), remedy: known?.remedy ?? '' } };
    context.print(JSON.stringify(body, null, 2));
  }
  context.printError(`kiro-worker: ${code}: ${describeError(error)}`);
  if (!known && error instanceof Error && error.stack) context.printError(error.stack);
  return errorCatalogue[code].exitCode;
};

const main = async (words: readonly string[], context: CliContext): Promise<number> => {
  const found = findCommand(words);
  if (!found) {
    const wantsHelp = words.length === 0 || words[0] === 'help' || words[0] === '--help' || words[0] === '-h';
    if (wantsHelp) {
      context.print(overview(commands));
      return exitCodes.success;
    }
    context.printError(`kiro-worker: there is no command "${words.slice(0, 2).join(' ')}".\n`);
    context.printError(overview(commands));
    return exitCodes.badInput;
  }
  const { command, rest } = found;
  if (rest.includes('--help') || rest.includes('-h')) {
    context.print(helpFor(command));
    return exitCodes.success;
  }
  try {
    return await command.run(parseArguments(command, rest), context);
  } catch (error) {
    return complain(
      error,
      rest.some((word) => word.startsWith('--json')),
      context,
    );
  }
};

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (interrupted.signal.aborted && signal === 'SIGINT') process.exit(exitCodes.interrupted); // pressed twice: now
    interrupted.abort(new WorkerError('Interrupted', 'Interrupted; what was running has been stopped.'));
  });
// A reader that went away (`| head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const context: CliContext = {
  cwd: process.cwd(),
  env: process.env,
  signal: interrupted.signal,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
};

void main(process.argv.slice(2), context).then((code) => {
  process.exitCode = code;
});
