import type { WaitState } from '../definition';
import { runtimeFailure, StateFailure } from '../failures';
import { waiting } from '../strand';
import { type Conclusion, conclude, scopeOf, type Visit } from '../visit';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const longestWaitSeconds = 99_999_999;

const until = (timestamp: string, now: Date): number => {
  if (!rfc3339.test(timestamp)) {
    throw runtimeFailure(
      `The Timestamp parameter does not reference a valid ISO-8601 extended offset date-time format string: ${timestamp}`,
    );
  }
  return new Date(timestamp).getTime() - now.getTime();
};

const milliseconds = async (visit: Visit<WaitState>): Promise<number> => {
  const { clock, evaluator } = visit.strand.frame;
  const { Seconds, Timestamp } = visit.state;
  const scope = scopeOf(visit);
  if (Timestamp !== undefined)
    return until(await evaluator.typed(Timestamp, 'string', 'Timestamp', scope), clock.now());
  const seconds = await evaluator.typed(Seconds, 'number', 'Seconds', scope);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= longestWaitSeconds) return seconds * 1000;
  throw new StateFailure(
    'States.QueryEvaluationError',
    `The JSONata expression specified for the field 'Seconds' must give a whole number from 0 to ${longestWaitSeconds}, but gave ${seconds}.`,
    'Seconds',
  );
};

/** Waits for seconds or until a time; a time that has passed does not wait. */
export const performWait = async (visit: Visit<WaitState>): Promise<Conclusion> => {
  const { strand } = visit;
  const pause = await milliseconds(visit);
  if (pause > 0) await waiting(strand, () => strand.frame.clock.sleep(pause, strand.signal));
  return conclude(visit, visit.state, visit.input);
};
