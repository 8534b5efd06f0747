import { inTime } from '../in-time';
import type { FunctionLog } from './function-log';
import type { FunctionError, Invocation } from './messages';
import type { Exit, RuntimeProcess } from './runtime-process';

export type Outcome = { readonly output: string } | { readonly error: FunctionError };

/** A process that answers one invocation at a time. Once it has ended it stays ended. */
export type ExecutionEnvironment = {
  /** After `seconds` the process is ended and the answer is Sandbox.Timedout. */
  readonly invoke: (invocation: Omit<Invocation, 'deadline'>, seconds: number) => Promise<Outcome>;
  readonly isAlive: () => boolean;
  /** Resolves when the process is gone. */
  readonly end: () => Promise<void>;
};

/** Loading a module has its own limit on Lambda: 10 s, apart from the function's timeout. */
const INIT_SECONDS = 10;
const GRACE_MS = 1000;

const signalWords: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
};

/** As Lambda words it. */
const exitError = (requestId: string, { code, signal }: Exit): FunctionError => {
  const how = signal ? `signal: ${signalWords[signal] ?? signal}` : `exit status ${code}`;
  const why = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${how}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${why}` };
};

const timeoutError = (requestId: string, seconds: number): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
});

export const openExecutionEnvironment = (runtime: RuntimeProcess, log: FunctionLog): ExecutionEnvironment => {
  let alive = true;
  void runtime.exit.then(() => {
    alive = false;
  });

  /** What the function cannot say itself is said in its log. */
  const fail = (error: FunctionError): Outcome => {
    alive = false;
    log.write(`${error.errorType}: ${error.errorMessage}`);
    return { error };
  };
  const timedOut = async (requestId: string, seconds: number): Promise<Outcome> => {
    runtime.kill();
    await runtime.exit;
    return fail(timeoutError(requestId, seconds));
  };

  return {
    invoke: async (call, seconds) => {
      const loading = await inTime(runtime.loaded, INIT_SECONDS * 1000);
      if (!loading) return timedOut(call.requestId, INIT_SECONDS);
      if (loading.value) return fail(loading.value);
      const asked = runtime.ask({ ...call, deadline: Date.now() + seconds * 1000 });
      const answer = await inTime(asked, seconds * 1000);
      if (!answer) return timedOut(call.requestId, seconds);
      switch (answer.value.kind) {
        case 'succeeded':
          return { output: answer.value.output };
        case 'failed':
          return { error: answer.value.error };
        case 'exited':
          return fail(exitError(call.requestId, answer.value));
      }
    },
    isAlive: () => alive,
    end: async () => {
      alive = false;
      runtime.disconnect();
      if (!(await inTime(runtime.exit, GRACE_MS))) runtime.kill();
      await runtime.exit;
    },
  };
};
