import { WorkerError } from '../domain/errors';
import type { CliContext, CommandInput } from './command';
import { localStates, noLocalState } from './compose';
import { stateRoot } from './state-folder';

/** The one local state that a command is about. Throws ValidationError when there is none, or more than one and none is named. */
export const onlyLocalState = (input: CommandInput, context: CliContext): string => {
  const root = stateRoot(input, context);
  const [stateFolder, ...others] = localStates(root);
  if (!stateFolder) throw noLocalState(root);
  if (others.length > 0)
    throw new WorkerError(
      'ValidationError',
      `There are ${others.length + 1} local states in ${root}.`,
      `Name one with --state: ${[stateFolder, ...others].join(', ')}`,
    );
  return stateFolder;
};
