import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ChildLedger } from '../child-ledger';
import type { FunctionLog } from './function-log';
import type { FunctionError, Invocation, RuntimeMessage } from './messages';

export type RuntimePlan = {
  readonly taskRoot: string;
  readonly handler: string;
  /** All that the child sees. */
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
};

/** How a runtime came to its end. */
export type Exit = { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null };
export type Answer = Extract<RuntimeMessage, { readonly requestId: string }> | Exit;

export type RuntimeProcess = {
  /** Resolves once the handler is loaded; with the error if it could not be, or with nothing if the process ended before. */
  readonly loaded: Promise<FunctionError | undefined>;
  readonly exit: Promise<Exit>;
  readonly ask: (invocation: Invocation) => Promise<Answer>;
  /** Lets the runtime go; it ends by itself. */
  readonly disconnect: () => void;
  readonly kill: () => void;
};

const start = ({ taskRoot, handler, variables, memoryMegabytes }: RuntimePlan) =>
  spawn(
    process.execPath,
    [`--max-old-space-size=${memoryMegabytes}`, join(__dirname, 'runtime.js'), taskRoot, handler],
    // A session of its own: Ctrl-C is for the program that asks, which then ends its children in order.
    { cwd: taskRoot, env: { ...variables }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true },
  );

type Deps = { readonly log: FunctionLog; readonly children: ChildLedger; readonly mark: string };

/** Starts a process that loads one handler and answers over IPC. Its output goes to the function's log, line by line. */
export const startRuntimeProcess = (plan: RuntimePlan, { log, children, mark }: Deps): RuntimeProcess => {
  const child = start(plan);
  const { pid } = child;
  if (pid !== undefined) children.add(pid, mark);
  for (const stream of [child.stdout, child.stderr]) {
    const lines = log.stream();
    stream?.on('data', lines.add).on('close', lines.end);
  }
  const exit = new Promise<Exit>((resolve) => {
    const over = (code: number | null, signal: string | null): void => {
      if (pid !== undefined) children.remove(pid);
      resolve({ kind: 'exited', code, signal });
    };
    // What it had said before it ended is still on its way: the channel closes after the last message.
    child.on('exit', (code, signal) => {
      if (child.connected) child.once('disconnect', () => over(code, signal));
      else over(code, signal);
    });
    child.on('error', (error) => {
      log.write(`the runtime: ${error.message}`);
      if (pid === undefined) over(1, null);
    });
  });
  const loaded = new Promise<FunctionError | undefined>((resolve) => {
    child.on('message', (message: RuntimeMessage) => {
      if (message.kind === 'ready') resolve(undefined);
      if (message.kind === 'init-failed') resolve(message.error);
    });
    void exit.then(() => resolve(undefined));
  });
  return {
    loaded,
    exit,
    ask: async (invocation) => {
      const answer = new Promise<Answer>((resolve) => {
        child.on('message', (message: RuntimeMessage) => {
          if ('requestId' in message && message.requestId === invocation.requestId) resolve(message);
        });
      });
      if (child.connected) child.send(invocation);
      return Promise.race([answer, exit]).finally(() => child.removeAllListeners('message'));
    },
    disconnect: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};
