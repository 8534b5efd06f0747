import type { MapState } from '../definition';
import { StateFailure } from '../failures';
import { failureData } from '../history';
import { readItems, readLimit, selectInput } from '../map-items';
import { emit, emitAside, waiting } from '../strand';
import { type Conclusion, conclude, type Visit } from '../visit';

/** Runs its ItemProcessor as one execution per item. Failed items within the tolerance leave no trace in the result. */
export const performDistributedMap = async (visit: Visit<MapState>): Promise<Conclusion> => {
  const { state, strand } = visit;
  const items = await readItems(visit);
  emit(strand, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const maxConcurrency = (await readLimit(visit, 'MaxConcurrency')) ?? 0;
  const toleratedFailureCount = await readLimit(visit, 'ToleratedFailureCount');
  const toleratedFailurePercentage = await readLimit(visit, 'ToleratedFailurePercentage');
  const inputs: unknown[] = [];
  for (const item of items) inputs.push(await selectInput(visit, item));

  const run = strand.frame.startMapRun(
    { state, inputs, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage, stateName: visit.name },
    strand.signal,
  );
  emit(strand, 'MapRunStarted', { mapRunStartedEventDetails: { mapRunArn: run.mapRunArn } });
  const result = await waiting(strand, () => run.ended);
  if (!result) {
    const failure = new StateFailure(
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded',
    );
    emit(strand, 'MapRunFailed', { mapRunFailedEventDetails: failureData(failure) });
    throw failure;
  }
  emit(strand, 'MapRunSucceeded');
  emitAside(strand, 'MapStateSucceeded');
  return conclude(visit, state, result, { more: { result } });
};
