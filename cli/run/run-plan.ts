import type { LocalWorkerOptions } from '../../local/run';

/** What is to be run, once everything that was typed has been checked. */
export type RunPlan = Pick<LocalWorkerOptions, 'stateFolder' | 'remote'> & {
  readonly run: NonNullable<LocalWorkerOptions['run']>;
  /** Where the results are, for the person who asked. */
  readonly whereabouts: readonly string[];
};

/** What both kinds of board need to know. */
export type Asked = { readonly agentCommand: string; readonly passedVariables: string[] };
