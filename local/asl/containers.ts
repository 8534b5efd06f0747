import type { EventType } from './history';
import { emitAside, type Strand } from './strand';

const abortedEvents: Readonly<Partial<Record<string, EventType>>> = {
  Task: 'TaskStateAborted',
  Wait: 'WaitStateAborted',
  Map: 'MapStateAborted',
  Parallel: 'ParallelStateAborted',
};

/** Tells of the states that a strand leaves unfinished, innermost first. `via` is the strand that carries on. */
export const recordAborted = (strand: Strand, via: Strand): void => {
  const { current } = strand;
  if (!current) return;
  strand.current = undefined;
  for (const inner of current.strands) recordAborted(inner, via);
  const type = abortedEvents[current.type];
  if (type) emitAside(via, type);
};

/** Ends strands without waiting for them. */
export const abortStrands = (strands: readonly Strand[]): void => {
  for (const strand of strands) {
    abortStrands(strand.current?.strands ?? []);
    strand.abort();
  }
};
