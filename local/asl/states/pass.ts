import type { PassState } from '../definition';
import { type Conclusion, conclude, type Visit } from '../visit';

/** Hands its input on, changed by Output. */
export const performPass = (visit: Visit<PassState>): Promise<Conclusion> => conclude(visit, visit.state, visit.input);
