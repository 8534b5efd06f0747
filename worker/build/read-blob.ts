import type { Git } from '../../adapters/git/git';
import type { WorkerError } from '../../domain/errors';
import { sizeOfBytes } from '../../domain/size-of-bytes';

type Place = {
  /** A full ref or an object id. */
  readonly commit: string;
  readonly path: string;
  readonly mostBytes: number;
};

/** Text of a regular file in a commit; null when it is not there or something else. `refuse` makes the error for one that is too large or not UTF-8. */
export const readBlob = async (
  { commit, path, mostBytes }: Place,
  refuse: (problem: string) => WorkerError,
  { git }: { readonly git: Git },
): Promise<string | null> => {
  const listed = await git.run(['ls-tree', '-z', '--long', commit, '--', path]);
  const [, mode = '', object = '', size = '0'] = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t/.exec(listed) ?? [];
  if (!mode.startsWith('100')) return null;
  if (Number(size) > mostBytes)
    throw refuse(`it has ${sizeOfBytes(Number(size))}; at most ${sizeOfBytes(mostBytes)} are read`);
  const text = await git.run(['cat-file', 'blob', object]);
  // Git's answer was decoded: what was not UTF-8 has become longer or lost its bytes.
  if (Buffer.byteLength(text) !== Number(size) || text.includes('\uFFFD'))
    throw refuse('it is not UTF-8, or holds the character U+FFFD');
  return text;
};
