import { exitCodes, WorkerError } from '../domain/errors';
import { toolVersion } from '../local/tool-version';
import type { CliContext, Command } from './command';
import { commands } from './command-list';
import { complain } from './complain';
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

const asksForJson = (words: readonly string[]): boolean => words.some((word) => word.startsWith('--json'));

/** Exit codes of what broke where nobody waited for it. */
const faults: number[] = [];

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
    return faults[0] ?? complain(error, asksForJson(rest), context);
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

/** So long may what is running take to end after such a fault. */
const LAST_MS = 5_000;
// A disk that fills up breaks writes for which nobody waits. The run is ended in order, if that still works.
process.on('uncaughtException', (error) => {
  if (faults.length > 0) return;
  const code = complain(error, asksForJson(process.argv), context);
  faults.push(code);
  process.exitCode = code;
  interrupted.abort(error);
  setTimeout(() => process.exit(code), LAST_MS).unref();
});

void main(process.argv.slice(2), context).then((code) => {
  process.exitCode = faults[0] ?? code;
});
