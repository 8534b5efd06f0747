import { join } from 'node:path';
import type { Clock } from '../asl/clock';
import { type BuildCourse, createBuildCourse } from './build-course';
import { openBuildLog } from './build-log';
import type { BuildQueue } from './build-queue';
import type { BuildRecord, BuildStore } from './build-record';
import { type Interruption, type RunBuildDeps, runBuild } from './run-build';

export type RunInTurnDeps = Omit<RunBuildDeps, 'course' | 'log' | 'signal'> & {
  readonly store: BuildStore;
  readonly clock: Clock;
  readonly queue: BuildQueue;
};

const timedOut: Interruption = {
  status: 'TIMED_OUT',
  context: { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out.' },
};

export const logFileOf = (id: string, store: BuildStore): string => join(store.folderOf(id), 'log.txt');

/** Interrupts after so many minutes, unless the function that it gives is called first. */
const limit = (minutes: number, interrupt: AbortController, { clock }: RunInTurnDeps): (() => void) => {
  const over = new AbortController();
  clock.sleep(minutes * 60_000, AbortSignal.any([interrupt.signal, over.signal])).then(
    () => interrupt.abort(timedOut),
    () => undefined,
  );
  return () => over.abort();
};

/** A build that never had its turn. */
const giveUp = (course: BuildCourse, { status, context }: Interruption): void => {
  course.leave(status, [context]);
  course.complete(status);
};

/** Takes one build through the queue and runs it. Both have their own time limit. */
export const runInTurn = async (
  record: BuildRecord,
  interrupt: AbortController,
  deps: RunInTurnDeps,
): Promise<BuildRecord> => {
  const { store, clock, queue } = deps;
  const { id, queuedTimeoutMinutes, timeoutMinutes } = record;
  const { signal } = interrupt;
  const course = createBuildCourse(id, { store, now: clock.now });
  course.enter('QUEUED');
  const leaveQueue = limit(queuedTimeoutMinutes, interrupt, deps);
  const turn = await queue.enter(signal);
  leaveQueue();
  if (!turn) {
    giveUp(course, signal.reason as Interruption);
    return course.record();
  }
  course.leave('SUCCEEDED');
  const endLimit = limit(timeoutMinutes, interrupt, deps);
  try {
    const log = openBuildLog(logFileOf(id, store), clock.now);
    await runBuild({ ...deps, course, log, signal });
    log.close();
  } finally {
    endLimit();
    turn.leave();
  }
  return course.record();
};
