import { open } from 'node:fs/promises';
import { WorkerError } from '../../domain/errors';

/** What stands at the head of a bundle (gitformat-bundle(5)), before its pack. */
export type BundleHeader = {
  readonly refs: readonly { readonly name: string; readonly commit: string }[];
  /** Commits that whoever unpacks it must have. */
  readonly prerequisites: readonly string[];
};

/** Room for some hundred lines; ours have two. */
const MOST_HEADER_BYTES = 64 * 1024;

const notOurs = (why: string): WorkerError => new WorkerError('ArtifactMismatch', `The result bundle ${why}.`);

/** Reads the head of the bundle at `path`. @throws ArtifactMismatch when it is none, or one with capabilities that ours never have (a filter, another hash) */
export const readBundleHeader = async (path: string): Promise<BundleHeader> => {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_HEADER_BYTES), 0, MOST_HEADER_BYTES, 0);
    const text = buffer.subarray(0, bytesRead).toString('latin1');
    const end = text.indexOf('\n\n');
    if (end < 0) throw notOurs('is not a git bundle, or its head is too long');
    return parseBundleHeader(text.slice(0, end).split('\n'));
  } finally {
    await file.close();
  }
};

const parseBundleHeader = ([signature, ...lines]: readonly string[]): BundleHeader => {
  if (signature !== '# v2 git bundle') throw notOurs('is not a git bundle of version 2');
  const refs: { name: string; commit: string }[] = [];
  const prerequisites: string[] = [];
  for (const line of lines) {
    const [, prerequisite] = /^-([0-9a-f]{40}|[0-9a-f]{64})(?: .*)?$/.exec(line) ?? [];
    const [, commit, name] = /^([0-9a-f]{40}|[0-9a-f]{64}) (.+)$/.exec(line) ?? [];
    if (prerequisite !== undefined) prerequisites.push(prerequisite);
    else if (commit !== undefined && name !== undefined) refs.push({ commit, name });
    else throw notOurs('has a line at its head that is neither a ref nor a prerequisite');
  }
  return { refs, prerequisites };
};
