import type { Clock } from '../../../../local/asl/clock';
import { Stopped } from '../../../../local/asl/failures';

type Sleeper = { readonly at: number; readonly wake: () => void };

/** Time that jumps to the next sleeper as soon as nothing else is left to do. */
export const createFakeClock = (
  start = '2030-01-01T00:00:00.000Z',
): Clock & { readonly slept: () => readonly number[] } => {
  let now = new Date(start).getTime();
  const sleepers = new Set<Sleeper>();
  const slept: number[] = [];
  let pumping = false;

  const pump = (): void => {
    if (pumping || sleepers.size === 0) return;
    pumping = true;
    setImmediate(() => {
      pumping = false;
      const [first] = [...sleepers].sort((a, b) => a.at - b.at);
      if (first) {
        now = Math.max(now, first.at);
        sleepers.delete(first);
        first.wake();
      }
      pump();
    });
  };

  return {
    now: () => new Date(now),
    slept: () => slept,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new Stopped());
        slept.push(milliseconds);
        const sleeper = { at: now + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener(
          'abort',
          () => {
            sleepers.delete(sleeper);
            reject(new Stopped());
          },
          { once: true },
        );
        pump();
      }),
  };
};
