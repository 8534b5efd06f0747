import { saysDiskFull } from '../../domain/disk-full-words';
import { WorkerError } from '../../domain/errors';

const REMEDY = 'Give the build a larger disk, or let install and tests write less.';

/** A failed program whose last words say that the disk is full is not to be blamed for it; null when they do not. */
export const diskFullIn = (words: string, who: string): WorkerError | null =>
  saysDiskFull(words) ? new WorkerError('DiskFull', `The disk is full: ${who} could not write.`, REMEDY) : null;

/** Our own failed write as DiskFull; every other error as it is. */
export const asDiskFull = (error: unknown): unknown =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException)?.code ?? '')
    ? new WorkerError('DiskFull', 'The disk is full: the build could not write its files.', REMEDY, { cause: error })
    : error;
