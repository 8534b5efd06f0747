import type { MapState, Sequence, State } from './definition';
import { isDistributed } from './definition';
import { asFailedState } from './failed-state';
import { errorOutput, StateFailure } from './failures';
import { assignedData, type EventType, inputData, outputData } from './history';
import { type Attempts, catcherFor, isFatal, planRetry } from './retry-catch';
import { performChoice } from './states/choice';
import { performDistributedMap } from './states/distributed-map';
import { performFail } from './states/fail';
import { performInlineMap } from './states/map';
import { performParallel } from './states/parallel';
import { performPass } from './states/pass';
import { performSucceed } from './states/succeed';
import { performTask } from './states/task';
import { performWait } from './states/wait';
import { emit, type Strand, waiting } from './strand';
import { type Conclusion, conclude, type Visit } from './visit';

const perform = (visit: Visit): Promise<Conclusion> => {
  const { state } = visit;
  switch (state.Type) {
    case 'Pass':
      return performPass({ ...visit, state });
    case 'Task':
      return performTask({ ...visit, state });
    case 'Choice':
      return performChoice({ ...visit, state });
    case 'Wait':
      return performWait({ ...visit, state });
    case 'Succeed':
      return performSucceed({ ...visit, state });
    case 'Fail':
      return performFail({ ...visit, state });
    case 'Parallel':
      return performParallel({ ...visit, state });
    case 'Map':
      return performMap({ ...visit, state });
  }
};

const performMap = (visit: Visit<MapState>): Promise<Conclusion> =>
  isDistributed(visit.state) ? performDistributedMap(visit) : performInlineMap(visit);

/** Parallel and Map have an event of their own when they fail for good. */
const recordStateFailed = ({ state, strand }: Visit): void => {
  if (state.Type !== 'Parallel' && state.Type !== 'Map') return;
  emit(strand, `${state.Type}StateFailed`);
  strand.current = undefined;
};

/** The catcher's Assign and Output. If they fail, AWS tells that from where the state stood, and fails the state once more. */
const concludeCatch = async (visit: Visit, failure: StateFailure, before: number): Promise<Conclusion> => {
  const { state } = visit;
  const found = 'Catch' in state ? catcherFor(state.Catch, failure, state.Type === 'Task') : undefined;
  if (!found) throw failure;
  const output = errorOutput(failure);
  try {
    return await conclude(visit, found.entry, output, {
      place: `Catch[${found.index}]/`,
      more: { errorOutput: output },
    });
  } catch (error) {
    visit.strand.last = before;
    const second = asFailedState(error, visit);
    recordStateFailed(visit);
    throw second;
  }
};

/** Performs a state with its retries and catchers. */
const attempt = async (visit: Visit, attempts: Attempts): Promise<Conclusion> => {
  const { state, strand } = visit;
  for (;;) {
    strand.current = { type: state.Type, strands: [] };
    try {
      return await perform(visit);
    } catch (error) {
      const failure = asFailedState(error, visit);
      if (!(failure instanceof StateFailure) || isFatal(failure)) throw failure;
      const { clock, randomness } = strand.frame;
      const retry =
        'Retry' in state && planRetry(state.Retry, failure, attempts, { isTask: state.Type === 'Task', randomness });
      if (retry) {
        await waiting(strand, () => clock.sleep(retry.delaySeconds * 1000, strand.signal));
        visit.retryCount += 1;
        continue;
      }
      const before = strand.last;
      recordStateFailed(visit);
      return await concludeCatch(visit, failure, before);
    }
  }
};

const exitedEvent = (type: Exclude<State['Type'], 'Fail'>): EventType => `${type}StateExited`;

const runState = async (name: string, state: State, input: unknown, strand: Strand): Promise<Conclusion> => {
  const { frame } = strand;
  const text = JSON.stringify(input);
  const enteredEventId = emit(strand, `${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, ...inputData(text) },
  });
  const visit: Visit = {
    name,
    state,
    input,
    strand,
    enteredEventId,
    enteredTime: frame.clock.now().toISOString(),
    runSequence,
    retryCount: 0,
  };
  const conclusion = await attempt(visit, new Map());
  strand.variables = { ...strand.variables, ...conclusion.assigned };
  strand.current = undefined;
  if (state.Type !== 'Fail') {
    emit(strand, exitedEvent(state.Type), {
      stateExitedEventDetails: { name, ...outputData(conclusion.text), ...assignedData(conclusion.assigned) },
    });
  }
  return conclusion;
};

/** Runs states from the first (or from `from`) to the end and gives the output of the last one. The caller holds the turn. */
export const runSequence = async (
  sequence: Sequence,
  input: unknown,
  strand: Strand,
  from = sequence.StartAt,
): Promise<unknown> => {
  let position: { readonly name: string; readonly input: unknown } = { name: from, input };
  for (;;) {
    const state = sequence.States[position.name] as State;
    if (strand.isRoot)
      strand.frame.atState({ state: position.name, input: position.input, variables: strand.variables });
    const { output, next } = await runState(position.name, state, position.input, strand);
    if (next === undefined) return output;
    position = { name: next, input: output };
  }
};
