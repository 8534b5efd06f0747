import { StateFailure } from './failures';
import { emit, type Strand } from './strand';
import type { Visit } from './visit';

const told = new WeakSet<StateFailure>();

const explained = (failure: StateFailure, visit: Visit): StateFailure =>
  new StateFailure(
    failure.error,
    `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredEventId}). ${failure.cause}`,
    failure.location,
  );

/**
 * Gives a failure of the interpreter itself (an expression, a runtime error) the sentence that AWS puts in front, once, and
 * records EvaluationFailed for expressions. Failures of tasks, Fail states and inner states pass through as they are.
 */
export const asFailedState = (error: unknown, visit: Visit, strand: Strand = visit.strand): unknown => {
  if (!(error instanceof StateFailure) || told.has(error)) return error;
  const own = error.location !== undefined || error.error === 'States.Runtime';
  const failure = own ? explained(error, visit) : error;
  told.add(failure);
  if (failure.location !== undefined) {
    emit(strand, 'EvaluationFailed', {
      evaluationFailedEventDetails: {
        error: failure.error,
        cause: failure.cause,
        location: failure.location,
        state: visit.name,
      },
    });
  }
  return failure;
};
