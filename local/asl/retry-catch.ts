import type { Catcher, Retrier } from './definition';
import type { StateFailure } from './failures';
import type { Randomness } from './randomness';

/** States.ALL leaves these out (developer guide, "Error names"). */
const beyondAll: readonly string[] = ['States.DataLimitExceeded', 'States.Runtime'];

/** Names that an error is also known by: every failure of a task is States.TaskFailed, except a timeout. */
const matches = (failure: StateFailure, names: readonly string[], isTask: boolean): boolean => {
  const error = failure.error ?? '';
  if (names.includes(error) || names.includes(failure.otherName ?? error)) return true;
  if (names.includes('States.ALL') && !beyondAll.includes(error)) return true;
  return names.includes('States.TaskFailed') && isTask && error !== 'States.Timeout' && !beyondAll.includes(error);
};

/** Nothing touches States.Runtime. */
export const isFatal = (failure: StateFailure): boolean => failure.error === 'States.Runtime';

/** The first entry that names the error, with its index. */
const firstMatch = <T extends Retrier | Catcher>(
  entries: readonly T[] | undefined,
  failure: StateFailure,
  isTask: boolean,
): { readonly entry: T; readonly index: number } | undefined => {
  if (isFatal(failure)) return undefined;
  const index = (entries ?? []).findIndex(({ ErrorEquals }) => matches(failure, ErrorEquals, isTask));
  const entry = entries?.[index];
  return entry && { entry, index };
};

export const catcherFor = (catchers: readonly Catcher[] | undefined, failure: StateFailure, isTask: boolean) =>
  firstMatch(catchers, failure, isTask);

/** Attempts already made, per retrier of one visit. */
export type Attempts = Map<number, number>;

/**
 * Seconds before the next attempt of a retrier: IntervalSeconds × BackoffRate^(attempts so far), at most MaxDelaySeconds;
 * with JitterStrategy FULL anything from 0 up to that. `attempts` counts those already made.
 */
export const retryDelaySeconds = (
  retrier: Retrier,
  attempts: number,
  randomness: Pick<Randomness, 'number'>,
): number => {
  const {
    IntervalSeconds = 1,
    BackoffRate = 2,
    MaxDelaySeconds = Number.POSITIVE_INFINITY,
    JitterStrategy = 'NONE',
  } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** attempts, MaxDelaySeconds);
  return JitterStrategy === 'FULL' ? delay * randomness.number() : delay;
};

/** The delay if the failure is to be tried again, counting the attempt; nothing if no retrier matches or its attempts are used up. */
export const planRetry = (
  retriers: readonly Retrier[] | undefined,
  failure: StateFailure,
  attempts: Attempts,
  deps: { readonly isTask: boolean; readonly randomness: Pick<Randomness, 'number'> },
): { readonly delaySeconds: number } | undefined => {
  const found = firstMatch(retriers, failure, deps.isTask);
  if (!found) return undefined;
  const made = attempts.get(found.index) ?? 0;
  if (made >= (found.entry.MaxAttempts ?? 3)) return undefined;
  attempts.set(found.index, made + 1);
  return { delaySeconds: retryDelaySeconds(found.entry, made, deps.randomness) };
};
