import type { ChoiceState } from '../definition';
import { runtimeFailure } from '../failures';
import { type Conclusion, conclude, scopeOf, type Visit } from '../visit';

/**
 * Takes the first rule whose condition is true; its Assign and Output count, the state's own only without a match.
 * Without a match and a Default, AWS fails with States.Runtime (its documentation says States.NoChoiceMatched).
 */
export const performChoice = async (visit: Visit<ChoiceState>): Promise<Conclusion> => {
  const { state, strand } = visit;
  for (const [index, rule] of state.Choices.entries()) {
    const place = `Choices[${index}]/`;
    const met = await strand.frame.evaluator.typed(rule.Condition, 'boolean', `${place}Condition`, scopeOf(visit));
    if (met) return conclude(visit, rule, visit.input, { place });
  }
  if (state.Default === undefined) {
    throw runtimeFailure('Failed to transition out of the state. The state does not point to a next state.');
  }
  return conclude(visit, { ...state, Next: state.Default }, visit.input);
};
