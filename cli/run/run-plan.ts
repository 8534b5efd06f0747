import type { Report } from '../../local/report/report';
import type { LocalWorker, LocalWorkerOptions } from '../../local/run';
import type { RunSettings } from '../../local/runs/run-settings';
import type { AgentChoice } from '../agent-choice';

/** What is to be run, once everything that was typed has been checked. */
export type RunPlan = Pick<LocalWorkerOptions, 'stateFolder' | 'remote'> & {
  readonly prepare: NonNullable<LocalWorkerOptions['prepare']>;
  /** Where the results are, for the person who asked; only what there is. */
  readonly whereabouts: (report: Report, worker: LocalWorker) => readonly string[];
};

/** What both kinds of board need to know. */
export type Asked = {
  readonly agent: AgentChoice;
  readonly passedVariables: string[];
  readonly steering: RunSettings['steering'];
};

export const agentSettings = ({ command, engine, sha256 }: AgentChoice) => ({
  agentCommand: command,
  agentEngine: engine,
  agentSha256: sha256,
});
