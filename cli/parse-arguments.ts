import { parseArgs } from 'node:util';
import { WorkerError } from '../domain/errors';
import type { Command, CommandInput } from './command';

const takesValue = (description: string): boolean => /^[A-Z][A-Z_]+ /.test(description);

const usageError = (command: Command, what: string) =>
  new WorkerError('ValidationError', what, `Usage: kiro-worker ${command.usage}`);

/** Node's own words, without its advice for positionals that no command has. */
const asSentence = (message: string): string => `${(message.split('. To specify')[0] ?? message).replace(/\.$/, '')}.`;

/** `--json` may stand alone (standard output) or, for commands that write reports, before a file name. */
const splitJson = (command: Command, args: readonly string[]): { json: string | undefined; rest: string[] } => {
  const at = args.findIndex((arg) => arg === '--json' || arg.startsWith('--json='));
  if (at < 0) return { json: undefined, rest: [...args] };
  const arg = args[at] ?? '';
  const next = args[at + 1];
  const before = args.slice(0, at);
  if (arg.startsWith('--json='))
    return { json: arg.slice('--json='.length) || '-', rest: [...before, ...args.slice(at + 1)] };
  if (command.jsonTakesFile && next !== undefined && !next.startsWith('--'))
    return { json: next, rest: [...before, ...args.slice(at + 2)] };
  return { json: '-', rest: [...before, ...args.slice(at + 1)] };
};

/** Splits what was typed after the command's name. Throws ValidationError with the command's usage. */
export const parseArguments = (command: Command, args: readonly string[]): CommandInput => {
  const { json, rest } = splitJson(command, args);
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, description]) => [
      name,
      { type: takesValue(description) ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({ args: rest, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(command, asSentence((error as Error).message));
  }
  const { values, positionals } = parsed;
  if (positionals.length > command.positionals.length)
    throw usageError(command, `"${positionals[command.positionals.length]}" is one word too many.`);
  const required = command.positionals.filter((name) => !name.startsWith('['));
  if (positionals.length < required.length) throw usageError(command, `${required[positionals.length]} is missing.`);
  return { positionals, options: values, json };
};
