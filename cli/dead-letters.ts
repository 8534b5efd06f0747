import type { BuildError } from '../domain/build-result';
import type { DeadLetter } from '../domain/dead-letter';
import type { ExecutionLife } from '../domain/lock-row';

/** An execution that works, or has worked, on a dead letter. */
export type Redrive = {
  readonly executionArn: string;
  /** `already-started`: there has been an execution of that name before. */
  readonly outcome: 'started' | 'already-started';
  /** What has become of it by now. */
  readonly life: () => Promise<ExecutionLife>;
  /** Locally: waits for its end and says in one word how the item fared, if that can be told. On AWS it goes on by itself: null. */
  readonly settle: () => Promise<string | null>;
};

/** Why an item failed, as well as it is known: what its step wrote down, else what Step Functions says. */
export const whyOf = ({ error, cause }: DeadLetter, evidence: BuildError | null): string =>
  evidence ? `${evidence.code}: ${evidence.message}` : `${error}: ${cause}`;

/** What the `dlq` commands need of the world; composed for AWS or for this machine in compose.ts. */
export type DeadLetters = {
  /** Each dead letter once, oldest first, however often its message was delivered. */
  readonly list: () => Promise<readonly DeadLetter[]>;
  /** Why the build or git step ended, as the program itself wrote it down; null when it left nothing. */
  readonly evidence: (letter: DeadLetter) => Promise<BuildError | null>;
  /** Where a person finds an object of the artifacts bucket: an address of S3, on this machine the path of a file. */
  readonly placeOf: (letter: DeadLetter, key: string) => Promise<string>;
  /** Starts the pipeline with this item as an execution of that name, unless there has been one. */
  readonly start: (letter: DeadLetter, name: string) => Promise<Redrive>;
  /** Removes every message of this dead letter. */
  readonly remove: (id: string) => Promise<void>;
  readonly close: () => Promise<void>;
};
