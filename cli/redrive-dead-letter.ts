import type { DeadLetter } from '../domain/dead-letter';
import { WorkerError } from '../domain/errors';
import type { DeadLetters, Redrive } from './dead-letters';

type Deps = Pick<DeadLetters, 'start' | 'remove'>;

/** Step Functions' limit for the name of an execution. */
const MOST_CHARACTERS = 80;

/** The dead letter's id; after executions that died the id and how many those were. */
const executionName = ({ id }: DeadLetter, died: number): string => {
  const suffix = died === 0 ? '' : `-${died}`;
  return id.slice(0, MOST_CHARACTERS - suffix.length) + suffix;
};

/** The first execution that has not died: a new one, or one that an earlier redrive has started. */
const startUnlessStarted = async (letter: DeadLetter, { start }: Deps): Promise<Redrive> => {
  for (let died = 0; ; died += 1) {
    const redrive = await start(letter, executionName(letter, died));
    if (redrive.outcome === 'started' || (await redrive.life()) !== 'died') return redrive;
  }
};

/**
 * Starts the pipeline with the item and then removes the message: in this order, so that a crash between the two loses nothing; and under names
 * that follow from the dead letter's id, so that doing it again starts nothing that runs or has ended by itself. An execution that was
 * aborted or timed out (no clean-up ran) leaves the message where it is.
 */
export const redriveDeadLetter = async (
  letter: DeadLetter,
  deps: Deps,
): Promise<Pick<Redrive, 'executionArn' | 'outcome'> & { readonly ended: string | null }> => {
  const { executionArn, outcome, settle, life } = await startUnlessStarted(letter, deps);
  const ended = await settle();
  const became = await life();
  if (became === 'unknown')
    throw new WorkerError(
      'AwsUnavailable',
      `It cannot be told what has become of ${executionArn}; the dead letter ${letter.id} is kept.`,
      'Redrive it again later: nothing is started twice.',
    );
  if (became === 'died') return { executionArn, outcome, ended: 'interrupted' };
  await deps.remove(letter.id);
  return { executionArn, outcome, ended };
};
