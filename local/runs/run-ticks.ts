import * as z from 'zod';
import { isErrorCode, WorkerError } from '../../domain/errors';
import { type TickOutcome, tickOutcomes } from '../../domain/receipt';
import type { Engine } from '../asl/engine';
import type { ExecutionRecord } from '../asl/records';

const pollOutput = z.object({ outcome: z.enum(tickOutcomes), message: z.string() });

type Deps = { readonly engine: Engine; readonly liveAliasArn: string };

/** What one tick of the schedule came to. */
export type Tick = { readonly executionArn: string; readonly outcome: TickOutcome; readonly message: string };

type OnTick = (tick: Tick) => void;

const errorOf = ({ error = 'UnexpectedFault', cause = '' }: ExecutionRecord): WorkerError => {
  const message = (): string => {
    try {
      return (JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause;
    } catch {
      return cause;
    }
  };
  return new WorkerError(
    isErrorCode(error) ? error : 'UnexpectedFault',
    `The board could not be polled: ${error}: ${message()}`,
  );
};

const tickOf = (executionArn: string, { engine }: Deps): Tick => {
  for (const { stateExitedEventDetails: exited } of engine.history(executionArn))
    if (exited?.name === 'PollWorkItems')
      return { ...pollOutput.parse(JSON.parse(exited.output ?? '{}')), executionArn };
  throw new WorkerError('UnexpectedFault', `The execution ${executionArn} ended without a poll.`);
};

/**
 * Starts the `live` alias with `input`, as the schedule or a redrive does, and waits for its end. When `signal` aborts, the execution is
 * stopped, and with it its children and their builds.
 */
export const startLive = async (
  start: { readonly name?: string; readonly input: object },
  signal: AbortSignal,
  { engine, liveAliasArn }: Deps,
): Promise<ExecutionRecord> => {
  signal.throwIfAborted();
  const { executionArn } = engine.startExecution({
    stateMachineArn: liveAliasArn,
    input: JSON.stringify(start.input),
    ...(start.name ? { name: start.name } : {}),
  });
  const stop = () => {
    engine.stopExecution(executionArn, { error: 'Interrupted', cause: 'The worker on this machine was interrupted.' });
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ended = await engine.waitForEnd(executionArn);
    signal.throwIfAborted();
    return ended;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/** One tick. A failing poll is thrown, and one that GitHub did not let happen: nothing was done then. */
const runTick = async (input: object, onTick: OnTick, signal: AbortSignal, deps: Deps): Promise<Tick> => {
  const ended = await startLive({ input }, signal, deps);
  if (ended.status !== 'SUCCEEDED') throw errorOf(ended);
  const tick = tickOf(ended.executionArn, deps);
  onTick(tick);
  if (tick.outcome === 'rate-limited') throw new WorkerError('RateLimited', tick.message, 'Start it again then.');
  if (tick.outcome === 'github-unavailable')
    throw new WorkerError('GitHubUnavailable', tick.message, 'Start it again later.');
  return tick;
};

/** One tick that writes nothing to GitHub. There is no second one: the board still shows the same items as ready. */
export const runDry = async (onTick: OnTick, signal: AbortSignal, deps: Deps): Promise<number> => {
  await runTick({ dryRun: true }, onTick, signal, deps);
  return 1;
};

/** Ticks until the board has nothing more to start; gives the number of ticks. `most` bounds a board that never comes to rest. */
export const runTicks = async (most: number, onTick: OnTick, signal: AbortSignal, deps: Deps): Promise<number> => {
  for (let ticks = 1; ticks <= most; ticks += 1) {
    const { outcome } = await runTick({}, onTick, signal, deps);
    if (outcome !== 'items') return ticks;
  }
  return most;
};
