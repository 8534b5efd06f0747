import { setMaxListeners } from 'node:events';
import type { Clock } from './clock';
import type { MapState, State } from './definition';
import type { Evaluator } from './evaluate';
import { Stopped } from './failures';
import type { EventDetails, EventType, Recorder } from './history';
import type { Randomness } from './randomness';
import type { TaskTokens } from './task-tokens';
import type { Turns } from './turns';

/** One call of a service integration. For `.sync` resources `submitted` reports the answer of the call that started the job. */
export type IntegrationCall = {
  readonly resource: string;
  readonly arguments: unknown;
  readonly context: unknown;
  readonly signal: AbortSignal;
  readonly taskToken?: string;
  readonly submitted: (output: unknown) => void;
};

/** Calls the service; throws TaskFailure with the error name that the state machine may match. */
export type Integrations = (call: IntegrationCall) => Promise<unknown>;

/** What a distributed map asks of the engine. */
export type MapRunRequest = {
  readonly state: MapState;
  readonly inputs: readonly unknown[];
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number | undefined;
  readonly toleratedFailurePercentage: number | undefined;
  readonly stateName: string;
};

/** A map run that has begun: `ended` gives the outputs of the successful children in order, or nothing when too many failed. */
export type MapRun = { readonly mapRunArn: string; readonly ended: Promise<readonly unknown[] | undefined> };

/** What all strands of one execution have in common. */
export type Frame = {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly integrations: Integrations;
  readonly evaluator: Evaluator;
  readonly recorder: Recorder;
  readonly turns: Turns;
  readonly tokens: TaskTokens;
  readonly region: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly startMapRun: (request: MapRunRequest, signal: AbortSignal) => MapRun;
  /** Told whenever the execution itself (not a branch) is about to enter a state. */
  readonly atState: (position: Position) => void;
};

/** Where an execution stands: what a redrive starts again from. */
export type Position = {
  readonly state: string;
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** One sequence of states that is running: the execution itself, a branch of a Parallel, an iteration of a Map. */
export type Strand = {
  readonly frame: Frame;
  readonly signal: AbortSignal;
  readonly abort: () => void;
  /** `Map` of the context object, in iterations. */
  readonly mapItem: Readonly<Record<string, unknown>> | undefined;
  readonly isRoot: boolean;
  /** The event that the next one follows. */
  last: number;
  variables: Readonly<Record<string, unknown>>;
  /** The state that is being executed, with the strands it has started. */
  current: { readonly type: State['Type']; strands: readonly Strand[] } | undefined;
};

/** A strand that ends when its parent's signal ends. Variables are those visible at this moment. */
export const openStrand = (from: {
  readonly frame: Frame;
  readonly signal: AbortSignal;
  readonly last: number;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly mapItem?: Readonly<Record<string, unknown>> | undefined;
  readonly isRoot?: boolean;
}): Strand => {
  const controller = new AbortController();
  const signal = AbortSignal.any([from.signal, controller.signal]);
  setMaxListeners(0, signal, controller.signal);
  return {
    frame: from.frame,
    signal,
    abort: () => controller.abort(),
    mapItem: from.mapItem,
    isRoot: from.isRoot ?? false,
    last: from.last,
    variables: from.variables,
    current: undefined,
  };
};

/** Records an event after the strand's last one and moves on to it. */
export const emit = (strand: Strand, type: EventType, details?: EventDetails): number => {
  if (strand.signal.aborted) throw new Stopped();
  strand.last = strand.frame.recorder.record(type, strand.last, details);
  return strand.last;
};

/** Records an event that the strand does not continue from: AWS chains past XStateSucceeded, MapIterationFailed and the aborted ones. */
export const emitAside = (strand: Strand, type: EventType, details?: EventDetails): number => {
  if (strand.signal.aborted) throw new Stopped();
  return strand.frame.recorder.record(type, strand.last, details);
};

/** Lets other strands act while this one waits for something outside. The turn is back with the strand however this ends. */
export const waiting = async <T>(strand: Strand, work: () => Promise<T>): Promise<T> => {
  strand.frame.turns.give();
  const outcome = await work().then(
    (value) => ({ ok: true, value }) as const,
    (error: unknown) => ({ ok: false, error }) as const,
  );
  await strand.frame.turns.take();
  if (strand.signal.aborted) throw new Stopped();
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
};

/** Runs a strand that has been opened: it takes its turn, and gives it back at the end. */
export const inTurn = async <T>(strand: Strand, work: () => Promise<T>): Promise<T> => {
  const { turns } = strand.frame;
  await turns.take();
  try {
    if (strand.signal.aborted) throw new Stopped();
    return await work();
  } finally {
    turns.give();
  }
};
