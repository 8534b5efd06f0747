import { errorCatalogue, isErrorCode } from './errors';

export type RetryDeps = {
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Between 0 and 1; default Math.random. */
  readonly random?: () => number;
};

/** First wait; each further one is twice as long, and jitter takes up to half of it away. */
const FIRST_PAUSE_MILLISECONDS = 1_000;
const ATTEMPTS = 4;

const isTransient = (error: unknown): boolean =>
  error instanceof Error && isErrorCode(error.name) && errorCatalogue[error.name].retryable;

/**
 * Tries again what the catalogue calls retryable, four times in all over some seven seconds: a build is not retried as a whole, so a dropped
 * connection must not cost it. Every other error, and the last one, is thrown.
 */
export const retryTransient = async <T>(attempt: () => Promise<T>, { pause, random }: RetryDeps): Promise<T> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= ATTEMPTS || !isTransient(error)) throw error;
      await pause(FIRST_PAUSE_MILLISECONDS * 2 ** (tried - 1) * (1 - (random ?? Math.random)() / 2));
    }
  }
};
