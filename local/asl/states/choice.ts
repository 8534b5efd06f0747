import type { ChoiceState } from '../definition';
import { runtimeFailure } from '../failures';
import { type Conclusion, conclude, scopeOf, type Visit } from '../visit';

/**
 * Takes the first rule whose condition is true; a rule's Assign and Output stand in for the state's own.
 * Without a match and a Default, AWS fails with States.Runtime (its documentation says States.NoChoiceMatched).
 */
export const performChoice = async (visit: Visit<ChoiceState>): Promise<Conclusion> => {
  const { state, strand } = visit;
  for (const [index, rule] of state.Choices.entries()) {
    const place = `Choices[${index}]/`;
    const met = await strand.frame.evaluator.typed(rule.Condition, 'boolean', `${place}Condition`, scopeOf(visit));
    if (!met) continue;
    const conclusion = await conclude(visit, rule, visit.input, { place });
    if (rule.Output !== undefined || state.Output === undefined) return conclusion;
    return {
      ...(await conclude(visit, { Output: state.Output }, visit.input)),
      assigned: conclusion.assigned,
      next: rule.Next,
    };
  }
  if (state.Default === undefined) {
    throw runtimeFailure('Failed to transition out of the state. The state does not point to a next state.');
  }
  return conclude(visit, { ...state, Next: state.Default }, visit.input);
};
