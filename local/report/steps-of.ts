import type { Report } from './report';

export type Step = Report['items'][number]['steps'][number];

/** One event of an execution's history, as far as the steps need it. */
export type HistoryEvent = {
  readonly type?: string | undefined;
  readonly timestamp?: Date | undefined;
  readonly stateEnteredEventDetails?: { readonly name?: string | undefined } | undefined;
};

type Open = { readonly name: string; readonly startedAt: Date; attempts: number; failedAt: Date | undefined };

export type StepTracker = {
  /** Takes the next event; gives back the step that it ended, and the name of the one that it started. */
  readonly add: (event: HistoryEvent) => { readonly ended: Step | undefined; readonly started: string | undefined };
  /** The step that is still open, as unfinished. */
  readonly unfinished: () => Step | undefined;
};

const stepFrom = (open: Open, endedAt: Date | undefined, outcome: Step['outcome']): Step => ({
  name: open.name,
  startedAt: open.startedAt.toISOString(),
  seconds: endedAt ? Math.max(0, endedAt.getTime() - open.startedAt.getTime()) / 1000 : null,
  attempts: Math.max(1, open.attempts),
  outcome,
});

/** The states that do something; those that only decide or hand on are left out. */
const isWork = (type: string): boolean => type === 'TaskStateEntered' || type === 'MapStateEntered';
const isTaskFailure = (type: string): boolean =>
  /^(Task(Failed|TimedOut|SubmitFailed|StartFailed)|MapRunFailed)$/.test(type);
const isBadEnd = (type: string): boolean => /^Execution(Failed|TimedOut|Aborted)$/.test(type);

/** Follows one execution's history and tells its steps apart, with times and attempts. */
export const createStepTracker = (): StepTracker => {
  let open: Open | undefined;

  /** A step whose last attempt failed has failed, also when its error was caught and the state was "exited". */
  const close = (at: Date | undefined): Step | undefined => {
    if (!open) return undefined;
    const step = stepFrom(open, open.failedAt ?? at, open.failedAt ? 'failed' : 'succeeded');
    open = undefined;
    return step;
  };
  const enter = (type: string, event: HistoryEvent): string | undefined => {
    if (!isWork(type)) return undefined;
    const name = event.stateEnteredEventDetails?.name ?? '?';
    open = { name, startedAt: event.timestamp ?? new Date(0), attempts: 0, failedAt: undefined };
    return name;
  };
  const note = (type: string, at: Date | undefined): void => {
    if (!open) return;
    if (type === 'TaskScheduled' || type === 'MapRunStarted') {
      open.attempts += 1;
      open.failedAt = undefined;
    } else if (isTaskFailure(type)) open.failedAt = at;
  };

  const unfinished = () => open && stepFrom(open, undefined, 'unfinished');
  return {
    unfinished,
    add: (event) => {
      const type = event.type ?? '';
      if (type.endsWith('StateEntered')) return { ended: close(event.timestamp), started: enter(type, event) };
      if (type.endsWith('StateExited')) return { ended: close(event.timestamp), started: undefined };
      if (isBadEnd(type)) return { ended: open?.failedAt ? close(event.timestamp) : unfinished(), started: undefined };
      note(type, event.timestamp);
      return { ended: undefined, started: undefined };
    },
  };
};

/** The steps of a whole history, in order. */
export const stepsOf = (history: readonly HistoryEvent[]): readonly Step[] => {
  const tracker = createStepTracker();
  const steps = history.flatMap((event) => tracker.add(event).ended ?? []);
  const open = tracker.unfinished();
  return open && steps.at(-1)?.outcome !== 'unfinished' ? [...steps, open] : steps;
};
