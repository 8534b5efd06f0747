import type { WorkItem } from '../../domain/work-item';

/** What somebody may do who has read why the work is not ready. */
export const goOnLine = ({ issueNumber }: Pick<WorkItem, 'issueNumber'>): string =>
  `To go on, move #${issueNumber} back to the ready column of the board: the worker takes it up again, with what has been pushed to the branch by then.`;
