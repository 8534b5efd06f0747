import type { SucceedState } from '../definition';
import { type Conclusion, conclude, type Visit } from '../visit';

/** Ends the sequence of states with success. */
export const performSucceed = (visit: Visit<SucceedState>): Promise<Conclusion> =>
  conclude(visit, visit.state, visit.input);
