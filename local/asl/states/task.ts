import type { TaskState } from '../definition';
import { StateFailure, Stopped, TaskFailure } from '../failures';
import { waiting } from '../strand';
import { type TaskEvents, taskEvents } from '../task-events';
import { type Conclusion, conclude, contextOf, dataLimitBytes, scopeOf, type Visit } from '../visit';

type Plan = {
  readonly events: TaskEvents;
  readonly context: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
  readonly parameters: unknown;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
};

/** What comes of a call: it is told as it happens, or it ends. */
type Signal =
  | { readonly kind: 'submitted'; readonly output: unknown }
  | { readonly kind: 'succeeded'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timedOut'; readonly otherName?: string };

const isSync = (resource: string): boolean => /\.sync(:2)?$/.test(resource);

const plan = async (visit: Visit<TaskState>): Promise<Plan> => {
  const { state, strand } = visit;
  const { evaluator, randomness } = strand.frame;
  const token = state.Resource.endsWith('.waitForTaskToken') ? randomness.uuid() : undefined;
  const context = contextOf(visit, token === undefined ? {} : { Task: { Token: token } });
  const scope = scopeOf(visit, { context });
  const seconds = (value: unknown, field: string): Promise<number> | undefined =>
    value === undefined ? undefined : evaluator.typed(value, 'number', field, scope);
  return {
    events: taskEvents(state.Resource),
    context,
    token,
    parameters:
      state.Arguments === undefined ? visit.input : await evaluator.template(state.Arguments, 'Arguments', scope),
    timeoutSeconds: await seconds(state.TimeoutSeconds, 'TimeoutSeconds'),
    heartbeatSeconds: await seconds(state.HeartbeatSeconds, 'HeartbeatSeconds'),
  };
};

/** A queue of signals with one reader. */
const createSignals = () => {
  const arrived: Signal[] = [];
  let wake = (): void => undefined;
  return {
    push: (signal: Signal): void => {
      arrived.push(signal);
      wake();
    },
    next: async (): Promise<Signal> => {
      for (;;) {
        const signal = arrived.shift();
        if (signal) return signal;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
};

/** Starts the call and its timers. The call's own signal ends with the state, so that nothing outlives it. */
const begin = (visit: Visit<TaskState>, { context, token, parameters, timeoutSeconds, heartbeatSeconds }: Plan) => {
  const { state, strand } = visit;
  const { clock, integrations, tokens } = strand.frame;
  const signals = createSignals();
  const over = new AbortController();
  const signal = AbortSignal.any([strand.signal, over.signal]);

  const limit = (seconds: number | undefined, otherName?: string): AbortController => {
    const renewed = new AbortController();
    if (seconds !== undefined) {
      clock.sleep(seconds * 1000, AbortSignal.any([signal, renewed.signal])).then(
        () => signals.push({ kind: 'timedOut', ...(otherName ? { otherName } : {}) }),
        () => undefined,
      );
    }
    return renewed;
  };

  const run = async (): Promise<unknown> => {
    const submitted = (output: unknown): void => signals.push({ kind: 'submitted', output });
    const call = { resource: state.Resource, arguments: parameters, context, signal, submitted };
    if (token === undefined) return integrations(call);
    let heartbeat = limit(heartbeatSeconds, 'States.HeartbeatTimeout');
    const beat = (): void => {
      heartbeat.abort();
      heartbeat = limit(heartbeatSeconds, 'States.HeartbeatTimeout');
    };
    const answer = tokens.await(token, beat, signal);
    answer.catch(() => undefined);
    submitted(await integrations({ ...call, taskToken: token }));
    return answer;
  };

  limit(timeoutSeconds);
  run().then(
    (output) => signals.push({ kind: 'succeeded', output }),
    (error: unknown) => signals.push({ kind: 'failed', error }),
  );
  strand.signal.addEventListener('abort', () => signals.push({ kind: 'failed', error: new Stopped() }), { once: true });
  return { next: signals.next, end: () => over.abort() };
};

const asFailure = (error: unknown): StateFailure => {
  if (error instanceof TaskFailure) return new StateFailure(error.error, error.cause);
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return new StateFailure(name, message);
};

const json = (value: unknown): string => JSON.stringify(value ?? null);

/** Follows one call to its end, writing the history, and gives its result. */
const follow = async (visit: Visit<TaskState>, { events }: Plan, next: () => Promise<Signal>): Promise<unknown> => {
  const { strand } = visit;
  let submitted = false;
  for (;;) {
    const signal = await waiting(strand, next);
    switch (signal.kind) {
      case 'submitted':
        submitted = true;
        events.submitted(strand, json(signal.output));
        break;
      case 'timedOut':
        events.timedOut(strand);
        throw new StateFailure('States.Timeout', undefined, undefined, signal.otherName);
      case 'failed': {
        if (signal.error instanceof Stopped) throw signal.error;
        const failure = asFailure(signal.error);
        events.failed(strand, { error: failure.error ?? '', cause: failure.cause ?? '' });
        throw failure;
      }
      case 'succeeded': {
        const output = json(signal.output);
        if (isSync(visit.state.Resource) && !submitted) events.submitted(strand, undefined);
        if (Buffer.byteLength(output) > dataLimitBytes) {
          const cause = `The state/task '${events.label}' returned a result with a size exceeding the maximum number of bytes service limit.`;
          events.failed(strand, { error: 'States.DataLimitExceeded', cause });
          throw new StateFailure('States.DataLimitExceeded', cause);
        }
        events.succeeded(strand, output);
        return JSON.parse(output);
      }
    }
  }
};

/** Has a service do the work: once per attempt, within the timeouts, never longer than the state itself. */
export const performTask = async (visit: Visit<TaskState>): Promise<Conclusion> => {
  const { strand } = visit;
  const planned = await plan(visit);
  const { events, timeoutSeconds, heartbeatSeconds } = planned;
  events.scheduled(strand, json(planned.parameters), {
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
  });
  await waiting(strand, () => Promise.resolve());
  events.started(strand);
  const call = begin(visit, planned);
  try {
    const result = await follow(visit, planned, call.next);
    return await conclude(visit, visit.state, result, { more: { result } });
  } finally {
    call.end();
  }
};
