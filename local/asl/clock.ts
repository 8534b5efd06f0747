import { setTimeout as delay } from 'node:timers/promises';
import { Stopped } from './failures';

/** Time, injected so that tests can let an hour pass at once. */
export type Clock = {
  readonly now: () => Date;
  /** Resolves after `milliseconds`; rejects with Stopped as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** setTimeout overflows beyond this many milliseconds, so longer waits are cut into pieces. */
const longestTimerMs = 2_147_000_000;

/** The machine's own time. A pending sleep keeps the process alive: an execution that waits is work to be finished. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    const end = Date.now() + milliseconds;
    for (let left = milliseconds; left > 0; left = end - Date.now()) {
      await delay(Math.min(left, longestTimerMs), undefined, { signal }).catch(() => {
        throw new Stopped();
      });
    }
    if (signal.aborted) throw new Stopped();
  },
};
