import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Definition } from './definition';
import { apiError } from './failures';
import { createRecorder, type EventDetails, type EventType, inputData, type Recorder } from './history';
import type { ExecutionRecord } from './records';
import { recoverExecution } from './recover-execution';
import { aborted, type End, runExecution, type Services } from './run-execution';
import type { Store } from './store';
import type { MapRun, MapRunRequest, Position } from './strand';

/** Hears of every event as it is written. */
export type EventListener = (executionArn: string, event: HistoryEvent) => void;

type StartMapRun = (parent: ExecutionRecord, request: MapRunRequest, signal: AbortSignal) => MapRun;

export type Executions = {
  /** Begins an execution; the first state is entered after the call has returned. */
  readonly start: (record: ExecutionRecord, definition: string, startMapRun: StartMapRun) => void;
  /** Begins again where an unsuccessful execution stood. */
  readonly redrive: (record: ExecutionRecord, startMapRun: StartMapRun) => ExecutionRecord;
  readonly stop: (
    executionArn: string,
    failed: { readonly error?: string | undefined; readonly cause?: string | undefined },
  ) => ExecutionRecord;
  readonly find: (executionArn: string) => ExecutionRecord;
  readonly has: (executionArn: string) => boolean;
  /** Newest first. */
  readonly list: () => readonly ExecutionRecord[];
  readonly waitForEnd: (executionArn: string) => Promise<ExecutionRecord>;
  readonly onEvent: (listener: EventListener) => () => void;
  /** Ends what an earlier process left running. */
  readonly recover: () => readonly ExecutionRecord[];
};

type Deps = Services & { readonly store: Store };
type Running = { readonly end: (end: End) => void; readonly ended: Promise<ExecutionRecord> };

/** The records of all executions, in memory and on disk, and those who listen to their events. */
const createRegister = ({ clock, store }: Deps) => {
  const records = new Map(store.executions().map((record) => [record.executionArn, record]));
  const listeners = new Set<EventListener>();
  return {
    records,
    save: (record: ExecutionRecord): ExecutionRecord => {
      records.set(record.executionArn, record);
      store.saveExecution(record);
      return record;
    },
    find: (executionArn: string): ExecutionRecord => {
      const record = records.get(executionArn);
      if (!record) throw apiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
      return record;
    },
    recorderFor: (executionArn: string, written: number): Recorder =>
      createRecorder({
        written,
        now: clock.now,
        write: (event) => {
          store.appendEvent(executionArn, event);
          for (const listener of listeners) listener(executionArn, event);
        },
      }),
    onEvent: (listener: EventListener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};

const startedDetails = (record: ExecutionRecord): EventDetails => ({
  executionStartedEventDetails: {
    ...inputData(record.input),
    roleArn: record.roleArn,
    ...(record.stateMachineAliasArn ? { stateMachineAliasArn: record.stateMachineAliasArn } : {}),
    ...(record.stateMachineVersionArn ? { stateMachineVersionArn: record.stateMachineVersionArn } : {}),
  },
});

const beginning = (record: ExecutionRecord, definition: Definition): Position => ({
  state: definition.StartAt,
  input: JSON.parse(record.input),
  variables: {},
});

type Launch = {
  readonly record: ExecutionRecord;
  readonly definition: Definition;
  readonly from: Position;
  /** How many events there are, and the one to begin with. */
  readonly written: number;
  readonly first: readonly [EventType, EventDetails];
  readonly startMapRun: StartMapRun;
};

/** Runs executions and keeps their records. */
export const createExecutions = (deps: Deps): Executions => {
  const { clock, store } = deps;
  const register = createRegister(deps);
  const { records, save, find } = register;
  const running = new Map<string, Running>();

  const launch = ({ record, definition, from, written, first: [type, details], startMapRun }: Launch): void => {
    const { executionArn } = record;
    const recorder = register.recorderFor(executionArn, written);
    const id = recorder.record(type, written, details);
    let settle: (last: ExecutionRecord) => void = () => undefined;
    const ended = new Promise<ExecutionRecord>((resolve) => {
      settle = resolve;
    });
    const end = runExecution(
      {
        record,
        definition,
        from,
        recorder,
        // The first state of an execution follows no event, not even ExecutionStarted.
        last: written === 0 ? 0 : id,
        startMapRun: (request, signal) => startMapRun(record, request, signal),
        atState: (position) => store.savePosition(executionArn, position),
        ended: ({ status, changes }) => {
          running.delete(executionArn);
          settle(save({ ...record, ...changes, status, stopDate: clock.now().toISOString() }));
        },
      },
      deps,
    );
    running.set(executionArn, { end, ended });
  };

  const redrive: Executions['redrive'] = (record, startMapRun) => {
    const { executionArn, stopDate: _, error: __, cause: ___, ...kept } = record;
    const definition = JSON.parse(store.definition(executionArn)) as Definition;
    const redriveCount = record.redriveCount + 1;
    const again = save({
      ...kept,
      executionArn,
      status: 'RUNNING',
      redriveCount,
      redriveDate: clock.now().toISOString(),
    });
    launch({
      record: again,
      definition,
      from: store.position(executionArn) ?? beginning(record, definition),
      written: store.history(executionArn).length,
      first: ['ExecutionRedriven', { executionRedrivenEventDetails: { redriveCount } }],
      startMapRun,
    });
    return again;
  };

  const recover: Executions['recover'] = () =>
    [...records.values()]
      .filter(({ executionArn, status }) => status === 'RUNNING' && !running.has(executionArn))
      .map((left) => {
        const history = store.history(left.executionArn);
        const { record, missing } = recoverExecution(left, history, clock.now());
        if (missing) {
          register.recorderFor(left.executionArn, history.length).record(missing.type, missing.after, missing.details);
        }
        return save(record);
      });

  return {
    start: (record, text, startMapRun) => {
      const definition = JSON.parse(text) as Definition;
      records.set(record.executionArn, record);
      store.createExecution(record, text);
      const first = ['ExecutionStarted', startedDetails(record)] as const;
      launch({ record, definition, from: beginning(record, definition), written: 0, first, startMapRun });
    },
    redrive,
    stop: (executionArn, failed) => {
      find(executionArn);
      running.get(executionArn)?.end(aborted(failed));
      return find(executionArn);
    },
    find,
    has: (executionArn) => records.has(executionArn),
    list: () => [...records.values()].sort((a, b) => b.startDate.localeCompare(a.startDate)),
    waitForEnd: async (executionArn) => (await running.get(executionArn)?.ended) ?? find(executionArn),
    onEvent: register.onEvent,
    recover,
  };
};
