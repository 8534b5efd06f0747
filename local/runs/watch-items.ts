import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { workItemSchema } from '../../domain/work-item';
import type { OnLiveEvent } from '../live-event';
import { createStepTracker, type StepTracker } from '../report/steps-of';

type Watched = { readonly number: number; readonly tracker: StepTracker; detail: string; reported: string };

const parse = (text: string | undefined): Record<string, unknown> => {
  try {
    return JSON.parse(text ?? '') as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** Of our own errors code and message; a build's error says nothing that ReportFailure does not say better. */
const detailOf = ({ taskFailedEventDetails: failed }: HistoryEvent): string => {
  if (!failed || failed.resourceType === 'codebuild') return '';
  const { errorMessage } = parse(failed.cause) as { errorMessage?: string };
  return [failed.error, errorMessage].filter(Boolean).join(': ');
};

/** What ReportFailure found out. */
const reportOf = ({ stateExitedEventDetails: exited }: HistoryEvent): string => {
  if (exited?.name !== 'ReportFailure') return '';
  const { code, message } = parse(exited.output) as { code?: string; message?: string };
  return [code, message].filter(Boolean).join(': ');
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

  const begin = (arn: string, event: HistoryEvent): void => {
    const parsed = workItemSchema.safeParse(parse(event.executionStartedEventDetails?.input).item);
    if (!parsed.success) return;
    const { issueNumber: number, title, branch } = parsed.data;
    watched.set(arn, { number, tracker: createStepTracker(), detail: '', reported: '' });
    onLiveEvent({ kind: 'item-started', number, title, branch });
  };

  return (arn, event) => {
    if (!isItem(arn)) return;
    if (event.type === 'ExecutionStarted') begin(arn, event);
    const item = watched.get(arn);
    if (!item) return;
    if (event.type === 'TaskFailed') item.detail = detailOf(event);
    item.reported ||= reportOf(event);
    const { ended } = item.tracker.add(event);
    if (ended) {
      onLiveEvent({ kind: 'step-ended', step: ended, detail: ended.outcome === 'failed' ? item.detail : '' });
      item.detail = '';
    }
    const end = endOf(event);
    if (end) {
      onLiveEvent({ kind: 'item-ended', number: item.number, ...end, summary: item.reported || end.summary });
      watched.delete(arn);
    }
  };
};
