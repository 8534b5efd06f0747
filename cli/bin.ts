import { describeError, errorCatalogue, exitCodes, WorkerError } from '../domain/errors';
import { toolVersion } from '../local/tool-version';
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
const translate = (error: unknown): unknown =>
  (error as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC'
    ? new WorkerError('DiskFull', `The disk is full: ${describeError(error)}.`, 'Free some space and start again.', {
        cause: error,
      })
    : error;

const complain = (raised: unknown, json: boolean, context: CliContext): number => {
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
  context.printError(`kiro-worker: ${code}: ${words}`);
  if (!known && error instanceof Error && error.stack) context.printError(error.stack);
  return errorCatalogue[code].exitCode;
};

const asksForHelp = (word: string): boolean => word === '--help' || word === '-h';

/** Help and version; what is neither gets the commands that begin with the same word, or all of them. */
const answerWithoutCommand = (words: readonly string[], context: CliContext): number => {
  const [first = '--help', ...rest] = words;
  if (first === '--version') {
    context.print(toolVersion());
    return exitCodes.success;
  }
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  const shown = overview(group.length > 0 ? group : commands);
  if (first === 'help' || asksForHelp(first) || (group.length > 0 && rest.some(asksForHelp))) {
    context.print(shown);
    return exitCodes.success;
  }
  context.printError(`kiro-worker: there is no command "${words.slice(0, 2).join(' ')}".\n\n${shown}`);
  return exitCodes.badInput;
};

const main = async (words: readonly string[], context: CliContext): Promise<number> => {
  const found = findCommand(words);
  if (!found) return answerWithoutCommand(words, context);
  const { command, rest } = found;
  if (rest.some(asksForHelp)) {
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
