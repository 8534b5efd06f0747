import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { ExecutionRecord } from './records';
import { aborted, type End } from './run-execution';

const processEnded = aborted({
  error: 'Local.ProcessEnded',
  cause: 'The process that ran this execution ended before the execution did.',
});

type Ending = Pick<ExecutionRecord, 'status' | 'output' | 'error' | 'cause'>;

/** The end that a history tells of, if its process lived long enough to write it but not to save the record. */
const endIn = (event: HistoryEvent | undefined): Ending | undefined => {
  switch (event?.type) {
    case 'ExecutionSucceeded':
      return { status: 'SUCCEEDED', output: event.executionSucceededEventDetails?.output };
    case 'ExecutionFailed':
      return { status: 'FAILED', ...event.executionFailedEventDetails };
    case 'ExecutionTimedOut':
      return { status: 'TIMED_OUT' };
    case 'ExecutionAborted':
      return { status: 'ABORTED', ...event.executionAbortedEventDetails };
    default:
      return undefined;
  }
};

/** What becomes of an execution that an earlier process left RUNNING: its record, and the event that is missing. */
export const recoverExecution = (
  record: ExecutionRecord,
  history: readonly HistoryEvent[],
  now: Date,
): { readonly record: ExecutionRecord; readonly missing?: End } => {
  const last = history.at(-1);
  const known = endIn(last);
  if (known) return { record: { ...record, ...known, stopDate: (last?.timestamp ?? now).toISOString() } };
  const { status, changes } = processEnded;
  return { record: { ...record, ...changes, status, stopDate: now.toISOString() }, missing: processEnded };
};
