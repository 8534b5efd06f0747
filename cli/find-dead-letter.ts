import type { DeadLetter } from '../domain/dead-letter';
import { WorkerError } from '../domain/errors';
import type { DeadLetters } from './dead-letters';

/** The dead letter whose id is, or starts with, `id`; an empty one, as an unset variable gives it, names none. Throws DeadLetterNotFound when there is none or more than one. */
export const findDeadLetter = async (deadLetters: DeadLetters, id: string): Promise<DeadLetter> => {
  const letters = await deadLetters.list();
  const exact = letters.filter((letter) => letter.id === id);
  const found = exact.length > 0 ? exact : letters.filter((letter) => id !== '' && letter.id.startsWith(id));
  const [letter] = found;
  if (letter && found.length === 1) return letter;
  throw new WorkerError(
    'DeadLetterNotFound',
    letter ? `"${id}" is the beginning of ${found.length} dead letters.` : `There is no dead letter "${id}".`,
    letter ? 'Give more of the id.' : 'npx kiro-worker dlq list shows those that there are.',
  );
};
