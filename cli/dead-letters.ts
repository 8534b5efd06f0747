import type { BuildError } from '../domain/build-result';
import type { DeadLetter } from '../domain/dead-letter';

/** What the `dlq` commands need of the world; composed for AWS or for this machine in compose.ts. */
export type DeadLetters = {
  /** Each dead letter once, oldest first, however often its message was delivered. */
  readonly list: () => Promise<readonly DeadLetter[]>;
  /** Why the build or git step ended, as the program itself wrote it down; null when it left nothing. */
  readonly evidence: (letter: DeadLetter) => Promise<BuildError | null>;
  /** Starts the pipeline with this item under the dead letter's id; `already-started` when that has happened before. */
  readonly start: (
    letter: DeadLetter,
  ) => Promise<{ readonly executionArn: string; readonly outcome: 'started' | 'already-started' }>;
  /** Removes every message of this dead letter. */
  readonly remove: (id: string) => Promise<void>;
  /** Locally: waits until the redriven execution has ended. On AWS it goes on by itself. */
  readonly settle: (executionArn: string) => Promise<string | null>;
  readonly close: () => Promise<void>;
};
