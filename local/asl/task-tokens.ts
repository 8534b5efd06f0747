import { apiError, TaskFailure } from './failures';

/** Tasks that wait for SendTaskSuccess or SendTaskFailure, by token. */
export type TaskTokens = {
  /** `beat` is called at each SendTaskHeartbeat. The promise settles when the token is answered. */
  readonly await: (token: string, beat: () => void, signal: AbortSignal) => Promise<unknown>;
  readonly succeed: (token: string, output: string) => void;
  readonly fail: (token: string, error: string, cause: string) => void;
  readonly heartbeat: (token: string) => void;
};

type Waiting = {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly beat: () => void;
};

const parseOutput = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw apiError('InvalidOutput', `Invalid Output: '${text}'`);
  }
};

export const createTaskTokens = (): TaskTokens => {
  const open = new Map<string, Waiting>();

  const find = (token: string): Waiting => {
    const waiting = open.get(token);
    if (!waiting) throw apiError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    return waiting;
  };

  return {
    await: (token, beat, signal) =>
      new Promise((resolve, reject) => {
        open.set(token, { resolve, reject, beat });
        signal.addEventListener('abort', () => open.delete(token), { once: true });
      }),
    succeed: (token, output) => {
      const waiting = find(token);
      waiting.resolve(parseOutput(output));
      open.delete(token);
    },
    fail: (token, error, cause) => {
      find(token).reject(new TaskFailure(error, cause));
      open.delete(token);
    },
    heartbeat: (token) => find(token).beat(),
  };
};
