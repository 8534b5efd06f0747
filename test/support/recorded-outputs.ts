import { loadEnvironments } from '../../config/load';
import { stackKinds } from '../../config/naming';
import { synthesizedStacks } from './synthesized-stacks';

export type RecordedOutputs = Readonly<Record<string, readonly string[]>>;

/** The outputs that each kind of stack has now. */
export const presentOutputs = (environment = loadEnvironments()[0]): RecordedOutputs =>
  Object.fromEntries(
    stackKinds.map((kind) => [
      kind,
      environment ? Object.keys(synthesizedStacks().stack(environment, kind).output).sort() : [],
    ]),
  );

/** What was ever recorded stays recorded: an output may be added, never taken away. */
export const withPresentOutputs = (recorded: RecordedOutputs): RecordedOutputs =>
  Object.fromEntries(
    Object.entries(presentOutputs()).map(([kind, names]) => [
      kind,
      [...new Set([...(recorded[kind] ?? []), ...names])].sort(),
    ]),
  );
