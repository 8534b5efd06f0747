import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ChildLedger } from '../child-ledger';
import { inTime } from '../in-time';
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

const PIPES_MS = 500;

/** How the child ended, once everything that it had said before has arrived: messages as well as output. */
const watchExit = (child: ChildProcess, log: FunctionLog): Promise<Exit> => {
  // Not the child's own 'close': Node does not emit that when we are the one who has disconnected.
  const streams = [child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream?.on('close', resolve)));
  const closed = Promise.all(streams);
  const disconnected = new Promise<void>((resolve) => child.on('disconnect', () => resolve()));
  return new Promise((resolve) => {
    child.on('exit', async (code, signal) => {
      if (child.connected) await disconnected;
      await inTime(closed, PIPES_MS); // somebody else may hold the pipes
      resolve({ kind: 'exited', code, signal });
    });
    child.on('error', (error) => {
      log.write(`the runtime: ${error.message}`);
      if (child.pid === undefined) resolve({ kind: 'exited', code: 1, signal: null });
    });
  });
};

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
  const exit = watchExit(child, log).then((end) => {
    if (pid !== undefined) children.remove(pid);
    return end;
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
