import type { FailState } from '../definition';
import { StateFailure } from '../failures';
import { scopeOf, type Visit } from '../visit';

/** Ends with the error and cause that the definition gives; absent ones stay absent. */
export const performFail = async (visit: Visit<FailState>): Promise<never> => {
  const { evaluator } = visit.strand.frame;
  const scope = scopeOf(visit);
  const text = (template: string | undefined, field: string): Promise<string> | undefined =>
    template === undefined ? undefined : evaluator.typed(template, 'string', field, scope);
  throw new StateFailure(await text(visit.state.Error, 'Error'), await text(visit.state.Cause, 'Cause'));
};
