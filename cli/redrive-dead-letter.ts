import type { DeadLetter } from '../domain/dead-letter';
import type { DeadLetters } from './dead-letters';

/**
 * Starts the pipeline with the item, then removes the message: in this order, so that a crash between the two loses nothing; and under the
 * dead letter's id, so that doing it again starts nothing.
 */
export const redriveDeadLetter = async (
  letter: DeadLetter,
  deadLetters: Pick<DeadLetters, 'start' | 'remove' | 'settle'>,
): Promise<{
  readonly outcome: 'started' | 'already-started';
  readonly executionArn: string;
  readonly ended: string | null;
}> => {
  const { executionArn, outcome } = await deadLetters.start(letter);
  await deadLetters.remove(letter.id);
  return { outcome, executionArn, ended: await deadLetters.settle(executionArn) };
};
