import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionError, Invocation, RuntimeMessage } from './messages';

// The runtime inside an execution environment: a process of its own that loads one handler and answers one invocation at a time over IPC.
// Started by runtime-process.ts as `node runtime.js TASK_ROOT HANDLER CONTEXT`; CONTEXT is JSON,
// the members of the context object that are the same for every invocation.

type Handler = (event: unknown, context: object) => unknown;

const [taskRoot = '', handlerName = '', staticContext = '{}'] = process.argv.slice(2);

const send = (message: RuntimeMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, () => resolve());
  });

/** As Lambda's Node.js runtime does it: an Error by its name, anything else by its type. */
const serialise = (raised: unknown): FunctionError =>
  raised instanceof Error
    ? { errorType: raised.name, errorMessage: raised.message, trace: (raised.stack ?? '').split('\n') }
    : { errorType: typeof raised, errorMessage: String(raised), trace: [] };

const runtimeError = (errorType: string, errorMessage: string): Error =>
  Object.assign(new Error(errorMessage), { name: errorType });

const load = async (): Promise<Handler> => {
  const [module = '', name = ''] = handlerName.split('.');
  const file = ['.mjs', '.js', '.cjs']
    .map((ending) => join(taskRoot, module + ending))
    .find((path) => existsSync(path));
  if (!file) throw runtimeError('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);
  const loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const handler = loaded[name];
  if (typeof handler !== 'function')
    throw runtimeError('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  return handler as Handler;
};

const contextOf = ({ requestId, deadline, arn }: Invocation): object => ({
  ...JSON.parse(staticContext),
  invokedFunctionArn: arn,
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

const state: { current: string | undefined } = { current: undefined };

/** Answers the invocation under way and ends the environment: after an uncaught error nothing in here can be trusted. */
const die = async (error: FunctionError): Promise<void> => {
  process.stderr.write(`${error.errorType}: ${error.errorMessage}\n${(error.trace ?? []).join('\n')}\n`);
  if (state.current !== undefined) await send({ kind: 'failed', requestId: state.current, error });
  process.exit(1);
};

const main = async (): Promise<void> => {
  process.on('disconnect', () => process.exit(0)); // nobody is left who could ask
  process.on('uncaughtException', (error) => void die(serialise(error)));
  process.on('unhandledRejection', (reason) => {
    const errorMessage = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
    void die({ ...serialise(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage });
  });
  let handler: Handler;
  try {
    handler = await load();
  } catch (error) {
    await send({ kind: 'init-failed', error: serialise(error) });
    process.exit(1);
  }
  process.on('message', (invocation: Invocation) => void answer(invocation, handler));
  await send({ kind: 'ready' });
};

const answer = async (invocation: Invocation, handler: Handler): Promise<void> => {
  const { requestId } = invocation;
  state.current = requestId;
  let message: RuntimeMessage;
  try {
    const output = await handler(JSON.parse(invocation.event), contextOf(invocation));
    message = { kind: 'succeeded', requestId, output: JSON.stringify(output) ?? 'null' };
  } catch (error) {
    message = { kind: 'failed', requestId, error: serialise(error) };
  }
  state.current = undefined;
  await printed(); // an environment may be ended as soon as it has answered
  await send(message);
};

/** Resolves when all that the function printed is out of this process. */
const printed = (): Promise<unknown> =>
  Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));

void main();
