import { breakerComment, breakerMarker } from './breaker-comment';
import type { CreditPosition } from './credit-gate';
import { describeError } from './errors';
import type { WorkItem } from './work-item';

export type TellDeps = {
  readonly credits: {
    readonly position: () => Promise<CreditPosition>;
    readonly untoldBreaker: () => Promise<{ readonly executionName: string; readonly item: WorkItem } | null>;
    readonly breakerTold: (executionName: string) => Promise<void>;
  };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly environment: string;
  /** What `kiro-worker` needs to be about this environment; nothing on one machine. */
  readonly commandOption: string;
};

/**
 * Tells the issue whose run has opened the circuit breaker, if nobody has told it yet. An issue that cannot be told keeps nothing from being done: the
 * breaker is open all the same, the next tick tries again, and the receipt of this one has the sentence that this gives. Null: there is nothing to say.
 */
export const tellOfBreaker = async ({
  credits,
  comments,
  environment,
  commandOption,
}: TellDeps): Promise<string | null> => {
  const untold = await credits.untoldBreaker();
  if (!untold) return null;
  const { executionName, item } = untold;
  const { breaker, budget } = await credits.position();
  const comment = breakerComment(item, { environment, commandOption }, breaker, budget);
  try {
    await comments.put(item.issueId, breakerMarker(item.itemId), comment);
  } catch (error) {
    return `#${item.issueNumber} could not be told that it has opened the circuit breaker: ${describeError(error)}`;
  }
  await credits.breakerTold(executionName);
  return null;
};
