import { type AgentReport, type AgentRunRecord, sumCredits } from '../../../domain/agent-report';
import { WorkerError } from '../../../domain/errors';
import type { RepositorySettings } from '../../../domain/repository-settings';
import type { SpecTask } from '../../../domain/spec-tasks';
import type { Sandbox } from '../sandbox';

export type Assignment = {
  readonly task: Pick<SpecTask, 'id' | 'title'>;
  readonly prompt: string;
  /** The prompt again, as a file that the agent can read. */
  readonly promptFile: string;
  readonly specPath: string;
  readonly timeoutSeconds: number;
  readonly stallSeconds: number;
  /** What the repository chooses of the agent. */
  readonly choices: Pick<RepositorySettings['agent'], 'profile' | 'model' | 'requireMcp'>;
};

/** A run that has proved that it came to its end. That the task is done is another matter. */
export type AgentRun = {
  readonly seconds: number;
  readonly credits: number | null;
  readonly stopReason: string | null;
  readonly version: string | null;
  /** Tools that the agent wanted to use and was not allowed to. */
  readonly deniedTools: readonly string[];
  /** What it complained of: to be thrown when it turns out that it has changed nothing. */
  readonly complaint: WorkerError | null;
};

/** Where the agent works. */
export type AgentGround = { readonly sandbox: Pick<Sandbox, 'run' | 'runOurs'>; readonly home: string };

/** Edits the work tree for one task. */
export type Agent = {
  /**
   * Makes sure that it can work at all; done once, however often it is called.
   * @throws AgentNotFound, AgentUnsupported, AgentKeyRefused, AgentUnavailable, ArtifactMismatch, DiskFull, Interrupted
   */
  readonly prepare: () => Promise<void>;
  /** @throws what `prepare` throws, and every other code that begins with Agent */
  readonly work: (assignment: Assignment) => Promise<AgentRun>;
  /** All that it has done so far, failures too. */
  readonly report: () => AgentReport;
  /** The same agent, with the same report, in another sandbox. */
  readonly movedTo: (ground: AgentGround) => Agent;
};

export type Attempt = { readonly seconds: number; readonly credits: number | null };

/** One kind of agent. */
export type Performer = {
  readonly prepare: (ground: AgentGround) => Promise<void>;
  /** `spent` is called once for each process that ran, whether it succeeds or not. */
  readonly perform: (
    assignment: Assignment,
    ground: AgentGround,
    spent: (attempt: Attempt & { readonly stopReason: string | null }) => void,
  ) => Promise<AgentRun>;
  readonly describe: () => Pick<AgentReport, 'kind' | 'version' | 'engine' | 'output'>;
};

/** Variables that tell any agent what its task is. */
export const assignmentVariables = ({ task, promptFile, specPath }: Assignment): Readonly<Record<string, string>> => ({
  KIRO_WORKER_PROMPT_FILE: promptFile,
  KIRO_WORKER_TASK_ID: task.id,
  KIRO_WORKER_TASK_TITLE: task.title,
  KIRO_WORKER_SPEC_PATH: specPath,
});

export const stopReasonOf = (error: unknown): string => (error instanceof WorkerError ? error.code : 'UnexpectedFault');

/** Joins a performer with the record of its runs. */
export const createAgent = (performer: Performer, ground: AgentGround): Agent => {
  const runs: AgentRunRecord[] = [];
  const at = (place: AgentGround): Agent => ({
    prepare: () => performer.prepare(place),
    work: async (assignment) => {
      await performer.prepare(place);
      return performer.perform(assignment, place, ({ seconds, credits, stopReason }) =>
        runs.push({ task: assignment.task.id, seconds, credits, stopReason }),
      );
    },
    report: () => ({ ...performer.describe(), credits: sumCredits(runs), runs: [...runs] }),
    movedTo: at,
  });
  return at(ground);
};
