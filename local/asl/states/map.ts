import { abortStrands, recordAborted } from '../containers';
import type { MapState } from '../definition';
import { asFailedState } from '../failed-state';
import { StateFailure } from '../failures';
import { type MapItem, readItems, readLimit, selectInput } from '../map-items';
import { isFatal } from '../retry-catch';
import { emit, emitAside, inTurn, openStrand, type Strand, waiting } from '../strand';
import { type Conclusion, conclude, type Visit } from '../visit';

/** AWS runs at most 40 iterations of an inline map at once, whatever MaxConcurrency says. */
const inlineConcurrency = 40;

type Iteration = { readonly index: number; readonly strand: Strand };
type Ended = { readonly last: number } | { readonly iteration: Iteration; readonly failure: unknown };

const details = (visit: Visit, index: number) => ({ name: visit.name, index });

const open = (visit: Visit<MapState>, item: MapItem, index: number, last: number): Iteration => {
  const { strand } = visit;
  const own = openStrand({ ...strand, last, mapItem: item.context, isRoot: false });
  emit(own, 'MapIterationStarted', { mapIterationStartedEventDetails: details(visit, index) });
  return { index, strand: own };
};

const runIteration = async (visit: Visit<MapState>, item: MapItem, { strand }: Iteration): Promise<unknown> => {
  const input = await selectInput(visit, item).catch((error: unknown) => {
    throw asFailedState(error, visit, strand);
  });
  return visit.runSequence(visit.state.ItemProcessor, input, strand);
};

/** Runs the iterations, at most `slots` at once; a finished one hands its slot on. Settles with the first failure or the last event. */
const runAll = (
  visit: Visit<MapState>,
  items: readonly MapItem[],
  slots: number,
  running: { readonly outputs: unknown[]; readonly iterations: Iteration[]; readonly started: number },
): Promise<Ended> => {
  const { outputs, iterations, started } = running;
  return new Promise((resolve) => {
    let finished = 0;
    const begin = (index: number, last: number): void => {
      const item = items[index];
      if (!item) return;
      const iteration = open(visit, item, index, last);
      iterations.push(iteration);
      run(item, iteration).catch((failure: unknown) => resolve({ iteration, failure }));
    };
    const run = (item: MapItem, iteration: Iteration): Promise<void> =>
      inTurn(iteration.strand, async () => {
        outputs[iteration.index] = await runIteration(visit, item, iteration);
        const before = iteration.strand.last;
        emit(iteration.strand, 'MapIterationSucceeded', {
          mapIterationSucceededEventDetails: details(visit, iteration.index),
        });
        finished += 1;
        iterations.splice(iterations.indexOf(iteration), 1);
        if (finished === items.length) resolve({ last: iteration.strand.last });
        else begin(next++, before);
      });
    let next = Math.min(slots, items.length);
    for (let index = 0; index < next; index += 1) begin(index, started);
    if (items.length === 0) resolve({ last: started });
  });
};

const failIteration = (visit: Visit, iterations: readonly Iteration[], failed: Iteration, failure: unknown): never => {
  const { strand } = visit;
  strand.last = failed.strand.last;
  abortStrands(iterations.map((iteration) => iteration.strand));
  if (failure instanceof StateFailure && !isFatal(failure)) {
    for (const iteration of [failed, ...iterations.filter((other) => other !== failed)]) {
      const about = details(visit, iteration.index);
      if (iteration === failed) emitAside(strand, 'MapIterationFailed', { mapIterationFailedEventDetails: about });
      else emitAside(strand, 'MapIterationAborted', { mapIterationAbortedEventDetails: about });
      recordAborted(iteration.strand, strand);
    }
  }
  throw failure;
};

/** Runs its ItemProcessor once per item inside this execution; the result is the list of outputs in the order of the items. */
export const performInlineMap = async (visit: Visit<MapState>): Promise<Conclusion> => {
  const { state, strand } = visit;
  const items = await readItems(visit);
  const started = emit(strand, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const slots = Math.min((await readLimit(visit, 'MaxConcurrency')) || inlineConcurrency, inlineConcurrency);
  const iterations: Iteration[] = [];
  const outputs: unknown[] = [];
  strand.current = {
    type: 'Map',
    get strands() {
      return iterations.map((iteration) => iteration.strand);
    },
  };
  const ended = await waiting(strand, () => runAll(visit, items, slots, { outputs, iterations, started }));
  if ('failure' in ended) return failIteration(visit, iterations, ended.iteration, ended.failure);
  strand.last = ended.last;
  emitAside(strand, 'MapStateSucceeded');
  return conclude(visit, state, outputs, { more: { result: outputs } });
};
