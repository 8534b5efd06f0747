import { setMaxListeners } from 'node:events';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Clock } from './clock';
import type { Definition, Sequence } from './definition';
import type { Evaluator } from './evaluate';
import { apiError, StateFailure } from './failures';
import { createRecorder, type EventDetails, type EventType, failureData, inputData, outputData } from './history';
import type { Randomness } from './randomness';
import type { ExecutionRecord } from './records';
import { runSequence } from './run-states';
import type { Store } from './store';
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

/** Hears of every event as it is written. */
export type EventListener = (executionArn: string, event: HistoryEvent) => void;

type Failed = { readonly error?: string | undefined; readonly cause?: string | undefined };
type StartMapRun = (parent: ExecutionRecord, request: MapRunRequest, signal: AbortSignal) => MapRun;

export type Executions = {
  /** Begins an execution; the first state is entered after the call has returned. */
  readonly start: (record: ExecutionRecord, definition: string, startMapRun: StartMapRun) => void;
  /** Begins again where an unsuccessful execution stood. */
  readonly redrive: (record: ExecutionRecord, startMapRun: StartMapRun) => ExecutionRecord;
  readonly stop: (executionArn: string, failed: Failed) => ExecutionRecord;
  readonly find: (executionArn: string) => ExecutionRecord;
  readonly has: (executionArn: string) => boolean;
  /** Newest first. */
  readonly list: () => readonly ExecutionRecord[];
  readonly waitForEnd: (executionArn: string) => Promise<ExecutionRecord>;
  readonly onEvent: (listener: EventListener) => () => void;
  /** Ends what an earlier process left running. */
  readonly recover: () => readonly ExecutionRecord[];
};

type Deps = {
  readonly region: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly integrations: Integrations;
  readonly evaluator: Evaluator;
  readonly tokens: TaskTokens;
  readonly store: Store;
};

type End = {
  readonly status: ExecutionRecord['status'];
  readonly type: EventType;
  readonly details: EventDetails;
  readonly after: number;
};
type Running = {
  readonly end: (end: End, changes: Partial<ExecutionRecord>) => void;
  readonly ended: Promise<ExecutionRecord>;
};

const aborted = (failed: Failed): End => ({
  status: 'ABORTED',
  type: 'ExecutionAborted',
  details: { executionAbortedEventDetails: failureData(failed) },
  after: 0,
});

const timedOut: End = {
  status: 'TIMED_OUT',
  type: 'ExecutionTimedOut',
  details: { executionTimedOutEventDetails: failureData({ error: 'States.Timeout' }) },
  after: 0,
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

const startedDetails = (record: ExecutionRecord): EventDetails => ({
  executionStartedEventDetails: {
    ...inputData(record.input),
    roleArn: record.roleArn,
    ...(record.stateMachineAliasArn ? { stateMachineAliasArn: record.stateMachineAliasArn } : {}),
    ...(record.stateMachineVersionArn ? { stateMachineVersionArn: record.stateMachineVersionArn } : {}),
  },
});

/** What an unexpected fault of the engine becomes: the execution fails, nothing hangs. */
const asFailed = (error: unknown): Failed =>
  error instanceof StateFailure
    ? error
    : { error: 'States.Runtime', cause: error instanceof Error ? error.message : String(error) };

/** Runs executions and keeps their records. */
export const createExecutions = (deps: Deps): Executions => {
  const { clock, store } = deps;
  const records = new Map(store.executions().map((record) => [record.executionArn, record]));
  const running = new Map<string, Running>();
  const listeners = new Set<EventListener>();

  const save = (record: ExecutionRecord): ExecutionRecord => {
    records.set(record.executionArn, record);
    store.saveExecution(record);
    return record;
  };

  const find = (executionArn: string): ExecutionRecord => {
    const record = records.get(executionArn);
    if (!record) throw apiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return record;
  };

  const recorderFor = (executionArn: string, written: number) =>
    createRecorder({
      written,
      now: clock.now,
      write: (event) => {
        store.appendEvent(executionArn, event);
        for (const listener of listeners) listener(executionArn, event);
      },
    });

  const run = async (strand: Strand, definition: Sequence, from: Position, own: Running): Promise<void> => {
    try {
      const output = JSON.stringify(
        await inTurn(strand, () => runSequence(definition, from.input, strand, from.state)),
      );
      own.end(
        {
          status: 'SUCCEEDED',
          type: 'ExecutionSucceeded',
          details: { executionSucceededEventDetails: outputData(output) },
          after: strand.last,
        },
        { output },
      );
    } catch (error) {
      if (strand.signal.aborted) return;
      const failed = failureData(asFailed(error));
      own.end(
        {
          status: 'FAILED',
          type: 'ExecutionFailed',
          details: { executionFailedEventDetails: failed },
          after: strand.last,
        },
        failed,
      );
    }
  };

  /** `after` is the event that the first state follows, `seconds` the time that the machine may take. */
  const launch = (
    record: ExecutionRecord,
    options: {
      readonly written: number;
      readonly after: number;
      readonly from: Position;
      readonly first: readonly [EventType, EventDetails];
    },
    definition: Definition,
    startMapRun: StartMapRun,
  ): void => {
    const { executionArn } = record;
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const recorder = recorderFor(executionArn, options.written);
    let settle: (record: ExecutionRecord) => void = () => undefined;
    const ended = new Promise<ExecutionRecord>((resolve) => {
      settle = resolve;
    });
    const own: Running = {
      ended,
      end: ({ status, type, details, after }, changes) => {
        if (controller.signal.aborted) return;
        recorder.record(type, after, details);
        recorder.seal();
        const last = save({ ...find(executionArn), ...changes, status, stopDate: clock.now().toISOString() });
        running.delete(executionArn);
        controller.abort();
        settle(last);
      },
    };
    running.set(executionArn, own);
    const id = recorder.record(options.first[0], options.written, options.first[1]);
    const strand = openStrand({
      frame: {
        ...deps,
        recorder,
        turns: createTurns(),
        context: contextOf(record),
        startMapRun: (request, signal) => startMapRun(record, request, signal),
        atState: (position) => store.savePosition(executionArn, position),
      },
      signal: controller.signal,
      last: options.written === 0 ? 0 : id,
      variables: options.from.variables,
      isRoot: true,
    });
    if (definition.TimeoutSeconds !== undefined) {
      clock.sleep(definition.TimeoutSeconds * 1000, controller.signal).then(
        () => own.end(timedOut, {}),
        () => undefined,
      );
    }
    void run(strand, definition, options.from, own);
  };

  return {
    start: (record, definitionText, startMapRun) => {
      const definition = JSON.parse(definitionText) as Definition;
      records.set(record.executionArn, record);
      store.createExecution(record, definitionText);
      const from = { state: definition.StartAt, input: JSON.parse(record.input) as unknown, variables: {} };
      launch(
        record,
        { written: 0, after: 0, from, first: ['ExecutionStarted', startedDetails(record)] },
        definition,
        startMapRun,
      );
    },
    redrive: (record, startMapRun) => {
      const { executionArn } = record;
      const definition = JSON.parse(store.definition(executionArn)) as Definition;
      const from = store.position(executionArn) ?? {
        state: definition.StartAt,
        input: JSON.parse(record.input) as unknown,
        variables: {},
      };
      const written = store.history(executionArn).length;
      const redriveCount = record.redriveCount + 1;
      const ending = { stopDate: undefined, error: undefined, cause: undefined };
      const again = save({
        ...record,
        ...ending,
        status: 'RUNNING',
        redriveCount,
        redriveDate: clock.now().toISOString(),
      });
      const details = { executionRedrivenEventDetails: { redriveCount } };
      launch(again, { written, after: written, from, first: ['ExecutionRedriven', details] }, definition, startMapRun);
      return again;
    },
    stop: (executionArn, failed) => {
      const record = find(executionArn);
      running.get(executionArn)?.end(aborted(failed), failureData(failed));
      return records.get(executionArn) ?? record;
    },
    find,
    has: (executionArn) => records.has(executionArn),
    list: () => [...records.values()].sort((a, b) => b.startDate.localeCompare(a.startDate)),
    waitForEnd: async (executionArn) => (await running.get(executionArn)?.ended) ?? find(executionArn),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recover: () => {
      const left = [...records.values()].filter(
        ({ executionArn, status }) => status === 'RUNNING' && !running.has(executionArn),
      );
      const failed = {
        error: 'Local.ProcessEnded',
        cause: 'The process that ran this execution ended before the execution did.',
      };
      return left.map((record) => {
        const end = aborted(failed);
        recorderFor(record.executionArn, store.history(record.executionArn).length).record(
          end.type,
          end.after,
          end.details,
        );
        return save({ ...record, ...failed, status: end.status, stopDate: clock.now().toISOString() });
      });
    },
  };
};
