import type { Report } from './report';

type Step = Report['items'][number]['steps'][number];

/** One event of an execution's history, as far as the steps need it. */
export type HistoryEvent = {
  readonly type?: string | undefined;
  readonly timestamp?: Date | undefined;
  readonly stateEnteredEventDetails?: { readonly name?: string | undefined } | undefined;
  readonly stateExitedEventDetails?: { readonly name?: string | undefined } | undefined;
};

type Open = { name: string; startedAt: Date; attempts: number; failed: boolean };

/** The states that did something: those that only decide or hand on are left out. */
const isWork = (type: string): boolean => type === 'TaskStateEntered' || type === 'MapStateEntered';

/**
 * The steps of an execution with their times and attempts, in order. A state that failed and was caught is never "exited" with a
 * result of its own: it counts as failed as soon as its last attempt failed and another state was entered.
 */
export const stepsOf = (history: readonly HistoryEvent[]): readonly Step[] => {
  const steps: Step[] = [];
  let open: Open | undefined;
  let lastFailure: Date | undefined;
  const close = (at: Date | undefined, outcome: Step['outcome']) => {
    if (!open) return;
    steps.push({
      name: open.name,
      startedAt: open.startedAt.toISOString(),
      seconds: at ? Math.max(0, at.getTime() - open.startedAt.getTime()) / 1000 : null,
      attempts: Math.max(1, open.attempts),
      outcome,
    });
    open = undefined;
    lastFailure = undefined;
  };
  for (const event of history) {
    const type = event.type ?? '';
    if (type.endsWith('StateEntered')) {
      if (open) close(lastFailure ?? event.timestamp, 'failed');
      if (isWork(type))
        open = {
          name: event.stateEnteredEventDetails?.name ?? '?',
          startedAt: event.timestamp ?? new Date(0),
          attempts: 0,
          failed: false,
        };
    } else if (type.endsWith('StateExited')) {
      close(event.timestamp, lastFailure ? 'failed' : 'succeeded');
    } else if (type === 'TaskScheduled' && open) {
      open.attempts += 1;
      lastFailure = undefined;
    } else if (/^Task(Failed|TimedOut|SubmitFailed|StartFailed)$/.test(type)) {
      lastFailure = event.timestamp;
    } else if (/^Execution(Failed|TimedOut|Aborted)$/.test(type)) {
      close(lastFailure ?? undefined, lastFailure ? 'failed' : 'unfinished');
    }
  }
  close(undefined, 'unfinished');
  return steps;
};
