import { exitCodes } from '../domain/errors';
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

export const asksForJson = (words: readonly string[]): boolean => words.some((word) => word.startsWith('--json'));

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

/** Does what the words of a command line say. Resolves to the exit code; `onError` tells people of an error, and gives its code. */
export const main = async (
  words: readonly string[],
  context: CliContext,
  onError: typeof complain = complain,
): Promise<number> => {
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
    return onError(error, asksForJson(rest), context);
  }
};
