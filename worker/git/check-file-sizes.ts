import { WorkerError } from '../../domain/errors';
import { showPaths } from '../../domain/show-path';
import { sizeOfBytes } from '../../domain/size-of-bytes';
import type { Limits } from './limits';
import type { Change } from './read-change';

/** @throws ChangeTooLarge naming the files that are larger than anybody reviews */
export const checkFileSizes = ({ files, sizes }: Change, limits: Limits): void => {
  const large = files.filter(({ object }) => (sizes.get(object) ?? 0) > limits.fileBytes);
  if (large.length === 0) return;
  throw new WorkerError(
    'ChangeTooLarge',
    `The result holds files of more than ${sizeOfBytes(limits.fileBytes)}: ${showPaths(large.map(({ path }) => path))}.`,
    'Keep generated and binary files out of the repository.',
  );
};
