import { WorkerError } from '../../../domain/errors';
import type { SpecTask } from '../../../domain/spec-tasks';
import type { BuildEnvironment } from '../../env';
import type { Sandbox } from '../sandbox';
import { judgeAgentEnd } from './judge-agent-end';
import { explainKiroWords } from './kiro-words';

export type Assignment = {
  readonly task: Pick<SpecTask, 'id' | 'title'>;
  readonly prompt: string;
  /** The prompt again, as a file that the agent can read. */
  readonly promptFile: string;
  readonly specPath: string;
  readonly timeoutSeconds: number;
  readonly stallSeconds: number;
};

/** Edits the work tree for one task. That it says "done" (it returns) proves nothing yet. */
export type Agent = {
  /** @throws AgentNotFound, AgentDied, AgentTimedOut, AgentStalled, DiskFull, Interrupted */
  readonly work: (assignment: Assignment) => Promise<void>;
};

type AgentSetting = BuildEnvironment['agent'];
type Launch = {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
};

/** What the agent prints is read again only by people. */
const launchOf = (agent: AgentSetting, apiKey: string): Launch =>
  agent.kind === 'command'
    ? { command: 'sh', args: ['-c', agent.command], variables: {} }
    : {
        command: 'kiro-cli',
        args: ['chat', '--no-interactive', '--trust-all-tools'],
        variables: { KIRO_API_KEY: apiKey },
      };

/** `apiKey` goes to the agent's process and nowhere else; the command agent has none. */
export const createAgent = (
  setting: AgentSetting,
  apiKey: string,
  { sandbox }: { readonly sandbox: Pick<Sandbox, 'run'> },
): Agent => {
  const { variables, ...launch } = launchOf(setting, apiKey);
  const name = setting.kind === 'command' ? 'The agent' : 'kiro-cli';
  return {
    work: async ({ task, prompt, promptFile, specPath, timeoutSeconds, stallSeconds }) => {
      const end = await sandbox.run({
        ...launch,
        logName: `agent-${task.id}.log`,
        title: `agent ${task.id}`,
        stdin: prompt,
        timeoutSeconds,
        stallSeconds,
        variables: {
          ...variables,
          KIRO_WORKER_PROMPT_FILE: promptFile,
          KIRO_WORKER_TASK_ID: task.id,
          KIRO_WORKER_TASK_TITLE: task.title,
          KIRO_WORKER_SPEC_PATH: specPath,
        },
      });
      judgeAgentEnd(end, `${name} at task ${task.id}`);
      // Kiro exits with 0 when its key is refused or its quota is used up.
      const refusal = setting.kind === 'kiro-cli' ? explainKiroWords(end.tail) : null;
      if (refusal) throw new WorkerError('AgentDied', refusal.message, refusal.remedy);
    },
  };
};
