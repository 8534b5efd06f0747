import { assignmentVariables, type Performer, stopReasonOf } from './agent';
import { judgeAgentEnd } from './judge-agent-end';

/** Any program, through the shell. Its exit code is all that it says about itself. */
export const commandAgent = (command: string): Performer => ({
  prepare: async () => undefined,
  describe: () => ({ kind: 'command', version: null, engine: null, output: null }),
  perform: async (assignment, { sandbox }, spent) => {
    const { task, prompt, timeoutSeconds, stallSeconds } = assignment;
    const end = await sandbox.run({
      command: 'sh',
      args: ['-c', command],
      logName: `agent-${task.id}.log`,
      title: `agent ${task.id}`,
      stdin: prompt,
      timeoutSeconds,
      stallSeconds,
      variables: assignmentVariables(assignment),
    });
    const attempt = { seconds: end.seconds, credits: null };
    try {
      judgeAgentEnd(end, `The agent at task ${task.id}`);
    } catch (error) {
      spent({ ...attempt, stopReason: stopReasonOf(error) });
      throw error;
    }
    spent({ ...attempt, stopReason: null });
    return { ...attempt, stopReason: null, version: null, deniedTools: [], complaint: null };
  },
});
