import { createHash } from 'node:crypto';

/**
 * Stand for the release until the stacks are written. Both are references that Terraform refuses, so stacks that were not stamped (a synthesis that
 * was killed) cannot be planned.
 */
export const releasePlaceholder = '${RELEASE}';
export const digestPlaceholder = '${RELEASE_DIGEST}';

const ID_LENGTH = 12;

export type Release = {
  /** SHA-256 of everything that is released. */
  readonly digest: string;
  /** Its beginning: what people read in logs, comments and metrics. */
  readonly id: string;
};

/**
 * The release that unstamped stacks make up, by stack name. They hold the digests of the bundles and the state machine, so the digest is of bundles,
 * machine and stacks of all environments together: it is the same everywhere.
 */
export const releaseOf = (stacks: ReadonlyMap<string, string>): Release => {
  const hash = createHash('sha256');
  for (const [name, text] of [...stacks].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0${Buffer.byteLength(text)}\0${text}`);
  const digest = hash.digest('hex');
  return { digest, id: digest.slice(0, ID_LENGTH) };
};

export const stamped = (text: string, { digest, id }: Release): string =>
  text.replaceAll(releasePlaceholder, id).replaceAll(digestPlaceholder, digest);
