import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { workItemSchema } from '../../domain/work-item';
import type { OnLiveEvent } from '../live-event';
import { createStepTracker, type StepTracker } from '../report/steps-of';

type Watched = { readonly number: number; readonly tracker: StepTracker };

const parse = (text: string | undefined): Record<string, unknown> => {
  try {
    return JSON.parse(text ?? '') as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** The sentence that a caught error leaves in the history: of our own errors the message, else the beginning of the cause. */
const detailOf = ({ taskFailedEventDetails: failed }: HistoryEvent): string => {
  if (!failed) return '';
  const { errorMessage } = parse(failed.cause) as { errorMessage?: string };
  return [failed.error, errorMessage].filter(Boolean).join(': ');
};

const endOf = (event: HistoryEvent): { readonly outcome: string; readonly summary: string } | null => {
  switch (event.type) {
    case 'ExecutionSucceeded': {
      const { outcome = 'done', summary = '' } = parse(event.executionSucceededEventDetails?.output) as {
        outcome?: string;
        summary?: string;
      };
      return { outcome, summary };
    }
    case 'ExecutionFailed': {
      const { error = 'failed', cause = '' } = event.executionFailedEventDetails ?? {};
      const { errorMessage } = parse(cause) as { errorMessage?: string };
      return { outcome: 'failed', summary: [error, errorMessage].filter(Boolean).join(': ') };
    }
    case 'ExecutionTimedOut':
      return { outcome: 'failed', summary: 'it took too long' };
    case 'ExecutionAborted':
      return { outcome: 'interrupted', summary: '' };
    default:
      return null;
  }
};

/**
 * Turns the events of all executions into what people want to see: items and their steps. `isItem` says which executions work on an item.
 */
export const watchItems = (
  isItem: (executionArn: string) => boolean,
  onLiveEvent: OnLiveEvent,
): ((executionArn: string, event: HistoryEvent) => void) => {
  const watched = new Map<string, Watched>();
  const details = new Map<string, string>();

  const begin = (arn: string, event: HistoryEvent): void => {
    const parsed = workItemSchema.safeParse(parse(event.executionStartedEventDetails?.input).item);
    if (!parsed.success) return;
    const { issueNumber: number, title, branch } = parsed.data;
    watched.set(arn, { number, tracker: createStepTracker() });
    onLiveEvent({ kind: 'item-started', number, title, branch });
  };

  return (arn, event) => {
    if (!isItem(arn)) return;
    if (event.type === 'ExecutionStarted') begin(arn, event);
    const item = watched.get(arn);
    if (!item) return;
    if (event.type === 'TaskFailed') details.set(arn, detailOf(event));
    const { ended } = item.tracker.add(event);
    if (ended) {
      onLiveEvent({
        kind: 'step-ended',
        step: ended,
        detail: ended.outcome === 'failed' ? (details.get(arn) ?? '') : '',
      });
      details.delete(arn);
    }
    const end = endOf(event);
    if (end) {
      onLiveEvent({ kind: 'item-ended', number: item.number, ...end });
      watched.delete(arn);
    }
  };
};
