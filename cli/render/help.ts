import type { Command } from '../command';

/** Every command with one line each. */
export const overview = (commands: readonly Command[]): string => {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: kiro-worker COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'kiro-worker COMMAND --help says more. Every command takes --json. Exit codes: docs/guides/exit-codes.md.',
  ].join('\n');
};

export const helpFor = (command: Command): string => {
  const options = { ...command.options, json: jsonHelp(command) };
  const width = Math.max(...Object.keys(options).map((name) => name.length)) + 2;
  return [
    command.summary,
    '',
    `Usage: kiro-worker ${command.usage}`,
    '',
    ...Object.entries(options).map(([name, description]) => `  ${`--${name}`.padEnd(width)}  ${description}`),
  ].join('\n');
};

const jsonHelp = ({ jsonTakesFile }: Command): string =>
  jsonTakesFile ? 'FILE the report as JSON; without FILE it goes to standard output' : 'print JSON instead of text';
