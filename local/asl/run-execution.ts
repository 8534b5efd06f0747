import { setMaxListeners } from 'node:events';
import type { Clock } from './clock';
import type { Definition } from './definition';
import type { Evaluator } from './evaluate';
import { StateFailure } from './failures';
import { type EventDetails, type EventType, failureData, outputData, type Recorder } from './history';
import type { Randomness } from './randomness';
import type { ExecutionRecord } from './records';
import { runSequence } from './run-states';
import {
  type Integrations,
  inTurn,
  type MapRun,
  type MapRunRequest,
  openStrand,
  type Position,
  type Strand,
} from './strand';
import type { TaskTokens } from './task-tokens';
import { createTurns } from './turns';

type Failed = { readonly error?: string | undefined; readonly cause?: string | undefined };

/** How an execution ends: its last event, the event that this follows (0 for an end from outside), and what the record says. */
export type End = {
  readonly status: ExecutionRecord['status'];
  readonly type: EventType;
  readonly details: EventDetails;
  readonly after: number;
  readonly changes: Partial<Pick<ExecutionRecord, 'output' | 'error' | 'cause'>>;
};

/** What the engine gives to every execution. */
export type Services = {
  readonly region: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly integrations: Integrations;
  readonly evaluator: Evaluator;
  readonly tokens: TaskTokens;
};

/** One run: `last` is the event that the first state follows. */
export type Run = {
  readonly record: ExecutionRecord;
  readonly definition: Definition;
  readonly from: Position;
  readonly last: number;
  readonly recorder: Recorder;
  readonly startMapRun: (request: MapRunRequest, signal: AbortSignal) => MapRun;
  readonly atState: (position: Position) => void;
  /** Called once. The last event has been written by then. */
  readonly ended: (end: End) => void;
};

export const aborted = (failed: Failed): End => ({
  status: 'ABORTED',
  type: 'ExecutionAborted',
  details: { executionAbortedEventDetails: failureData(failed) },
  after: 0,
  changes: failureData(failed),
});

/** AWS keeps the error of a timed out execution in its history only. */
const timedOut: End = {
  status: 'TIMED_OUT',
  type: 'ExecutionTimedOut',
  details: { executionTimedOutEventDetails: failureData({ error: 'States.Timeout' }) },
  after: 0,
  changes: {},
};

const succeeded = (output: string, after: number): End => ({
  status: 'SUCCEEDED',
  type: 'ExecutionSucceeded',
  details: { executionSucceededEventDetails: outputData(output) },
  after,
  changes: { output },
});

/** A fault of the engine itself also ends the execution: nothing hangs. */
const failed = (error: unknown, after: number): End => {
  const cause = error instanceof Error ? error.message : String(error);
  const changes = failureData(error instanceof StateFailure ? error : { error: 'States.Runtime', cause });
  return {
    status: 'FAILED',
    type: 'ExecutionFailed',
    details: { executionFailedEventDetails: changes },
    after,
    changes,
  };
};

const contextOf = (record: ExecutionRecord): Readonly<Record<string, unknown>> => ({
  Execution: {
    Id: record.executionArn,
    Input: JSON.parse(record.input),
    StartTime: record.startDate,
    Name: record.name,
    RoleArn: record.roleArn,
    RedriveCount: record.redriveCount,
  },
  StateMachine: { Id: record.stateMachineArn, Name: record.machine },
});

const outcome = async (strand: Strand, { definition, from }: Run): Promise<End> => {
  try {
    const output = await inTurn(strand, () => runSequence(definition, from.input, strand, from.state));
    return succeeded(JSON.stringify(output), strand.last);
  } catch (error) {
    return failed(error, strand.last);
  }
};

/** Runs an execution in the background. The function that it returns ends it from outside, at once. */
export const runExecution = (run: Run, services: Services): ((end: End) => void) => {
  const { recorder, definition } = run;
  const over = new AbortController();
  setMaxListeners(0, over.signal);

  const end = (last: End): void => {
    if (over.signal.aborted) return;
    recorder.record(last.type, last.after, last.details);
    recorder.seal();
    over.abort();
    run.ended(last);
  };

  const strand = openStrand({
    frame: {
      ...services,
      recorder,
      turns: createTurns(),
      context: contextOf(run.record),
      startMapRun: run.startMapRun,
      atState: run.atState,
    },
    signal: over.signal,
    last: run.last,
    variables: run.from.variables,
    isRoot: true,
  });
  if (definition.TimeoutSeconds !== undefined) {
    services.clock.sleep(definition.TimeoutSeconds * 1000, over.signal).then(
      () => end(timedOut),
      () => undefined,
    );
  }
  void outcome(strand, run).then(end);
  return end;
};
