import type { DeadLetter } from '../../domain/dead-letter';
import { executionOf, workItem } from './work-items';

/** A dead letter of a build that failed. */
export const deadLetterOf = (id: string, change: Partial<DeadLetter> = {}): DeadLetter => ({
  version: 1,
  id,
  environment: 'test',
  release: 'r1',
  item: workItem(),
  step: 'Build',
  error: 'States.TaskFailed',
  cause: 'the agent died',
  executionArn: executionOf(id),
  buildId: null,
  dryRun: false,
  attempts: 1,
  failedAt: '2026-11-01T10:00:00.000Z',
  ...change,
});
