import { WorkerError } from '../../domain/errors';
import { whyNotPassed } from '../../domain/passed-variables';
import type { CliContext, CommandInput } from '../command';

export const optionOf = ({ options }: CommandInput, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

/** @throws WorkerError ValidationError with the command's usage */
export const requiredOption = (input: CommandInput, name: string, usage: string): string => {
  const value = optionOf(input, name);
  if (value !== undefined && value.trim() !== '') return value;
  throw new WorkerError('ValidationError', `--${name} is missing.`, `Usage: kiro-worker ${usage}`);
};

/** Names that the person wants the build to have as well. A name that is not set here would be missed there, in the middle of a build. */
export const parsePassedVariables = (input: CommandInput, { env }: CliContext): string[] => {
  const names = (optionOf(input, 'pass') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const refused = names.flatMap((name) => {
    const why = whyNotPassed(name);
    return why ? [`--pass: ${name} ${why}.`] : [];
  });
  if (refused.length > 0)
    throw new WorkerError('ValidationError', refused.join(' '), 'Leave it out, or give the value another name.');
  const absent = names.find((name) => env[name] === undefined);
  if (absent === undefined) return names;
  throw new WorkerError('ValidationError', `The variable ${absent} is not set.`, 'Set it, or leave it out of --pass.');
};
