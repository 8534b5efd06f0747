import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { runtimeFailure } from './failures';

/** What an event has besides id, time and type: exactly one `…EventDetails` member, or none. */
export type EventDetails = Omit<HistoryEvent, 'id' | 'previousEventId' | 'timestamp' | 'type'>;
export type EventType = NonNullable<HistoryEvent['type']>;

/** Writes one execution's history. Ids count from 1 without gaps; nothing is written after the execution has ended. */
export type Recorder = {
  readonly record: (type: EventType, previousEventId: number, details?: EventDetails) => number;
  readonly seal: () => void;
};

/** The hard quota of AWS; the last event is then the failure itself. */
const historyLimit = 25_000;

const data = { truncated: false } as const;

/** An input or output with the member that says it is whole. Values are JSON texts. */
export const inputData = (input: string) => ({ input, inputDetails: data });
export const outputData = (output: string) => ({ output, outputDetails: data });
export const assignedData = (assigned: Readonly<Record<string, unknown>> | undefined) =>
  assigned && Object.keys(assigned).length > 0
    ? {
        assignedVariables: Object.fromEntries(
          Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
        ),
        assignedVariablesDetails: data,
      }
    : {};

/** Members that have a value only: an absent cause is an absent key. */
export const failureData = ({
  error,
  cause,
}: {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}) => ({
  ...(error === undefined ? {} : { error }),
  ...(cause === undefined ? {} : { cause }),
});

/** `written` is the number of events the history already has. */
export const createRecorder = (deps: {
  readonly written: number;
  readonly now: () => Date;
  readonly write: (event: HistoryEvent) => void;
}): Recorder => {
  let id = deps.written;
  let sealed = false;
  return {
    record: (type, previousEventId, details = {}) => {
      if (sealed) return id;
      if (id + 1 >= historyLimit && !type.startsWith('Execution')) {
        throw runtimeFailure(`The execution reached the maximum number of history events (${historyLimit}).`);
      }
      id += 1;
      deps.write({ timestamp: deps.now(), type, id, previousEventId, ...details });
      return id;
    },
    seal: () => {
      sealed = true;
    },
  };
};
