import { abortStrands, recordAborted } from '../containers';
import type { ParallelState } from '../definition';
import { StateFailure } from '../failures';
import { isFatal } from '../retry-catch';
import { emit, emitAside, inTurn, openStrand, type Strand, waiting } from '../strand';
import { type Conclusion, conclude, scopeOf, type Visit } from '../visit';

type Ended =
  | { readonly index: number; readonly output: unknown }
  | { readonly index: number; readonly failure: unknown };

/** All branches, or the first failure. */
const firstFailureOrAll = (
  runs: readonly Promise<unknown>[],
): Promise<{ readonly last: number } | Extract<Ended, { failure: unknown }>> =>
  new Promise((resolve) => {
    let left = runs.length;
    for (const [index, run] of runs.entries()) {
      run.then(
        () => {
          left -= 1;
          if (left === 0) resolve({ last: index });
        },
        (failure: unknown) => resolve({ index, failure }),
      );
    }
  });

const failBranch = (visit: Visit, strands: readonly Strand[], index: number, failure: unknown): never => {
  const { strand } = visit;
  const failed = strands[index] as Strand;
  strand.last = failed.last;
  abortStrands(strands);
  if (failure instanceof StateFailure && !isFatal(failure)) {
    for (const branch of [failed, ...strands.filter((other) => other !== failed)]) recordAborted(branch, strand);
  }
  throw failure;
};

/** Runs its branches at the same time; the result is the list of their outputs. The first failure ends them all. */
export const performParallel = async (visit: Visit<ParallelState>): Promise<Conclusion> => {
  const { state, strand } = visit;
  const { evaluator } = strand.frame;
  const input =
    state.Arguments === undefined
      ? visit.input
      : await evaluator.template(state.Arguments, 'Arguments', scopeOf(visit));
  const started = emit(strand, 'ParallelStateStarted');
  const strands = state.Branches.map(() => openStrand({ ...strand, last: started, isRoot: false }));
  strand.current = { type: 'Parallel', strands };
  const runs = state.Branches.map((branch, index) => {
    const own = strands[index] as Strand;
    return inTurn(own, () => visit.runSequence(branch, input, own));
  });
  const ended = await waiting(strand, () => firstFailureOrAll(runs));
  if ('failure' in ended) return failBranch(visit, strands, ended.index, ended.failure);
  strand.current = { type: 'Parallel', strands: [] };
  strand.last = strands[ended.last]?.last ?? started;
  emitAside(strand, 'ParallelStateSucceeded');
  const result = await Promise.all(runs);
  return conclude(visit, state, result, { more: { result } });
};
