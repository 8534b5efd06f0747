import type { CliContext, Command } from '../../../cli/command';
import { parseArguments } from '../../../cli/parse-arguments';

/** Runs a command in this process, as bin.ts would; gives its exit code and what it printed. */
export const runCommand = async (
  command: Command,
  words: readonly string[],
  { cwd = '/', env = {} }: Partial<Pick<CliContext, 'cwd' | 'env'>> = {},
): Promise<{ readonly code: number; readonly printed: string }> => {
  const lines: string[] = [];
  const code = await command.run(parseArguments(command, words), {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    printError: (line) => lines.push(line),
    colors: false,
  });
  return { code, printed: lines.join('\n') };
};
