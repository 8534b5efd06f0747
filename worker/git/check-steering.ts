import { createHash } from 'node:crypto';
import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import { showPath } from '../../domain/show-path';
import { readOldManifest, STEERING_FOLDER, STEERING_MANIFEST } from '../../domain/steering-package';
import type { BoundResult } from './read-bound-result';
import type { Change, ChangedFile } from './read-change';
import { oldSteeringPaths } from './steering-tree';

type Deps = { readonly git: Git };

const refused = (problem: string): WorkerError =>
  new WorkerError(
    'ProtectedPathChanged',
    `The steering commit is not what the checkout recorded: ${problem}.`,
    'Nothing was pushed. Start the item again.',
  );

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The one commit that may change protected files: the first of the result, made by our own checkout, and of exactly the package whose digest the checkout recorded: each file that it writes has the checksum that the
 * package's manifest gives, and each that it takes away belonged to the version before. Gives the commit; null when there is none. @throws ProtectedPathChanged
 */
export const checkSteering = async (
  { head, steering }: BoundResult,
  { commits, files }: Change,
  { git }: Deps,
): Promise<string | null> => {
  const commit = steering?.commit;
  if (!steering || !commit) return null;
  if (commits.at(-1) !== commit) throw refused(`the result does not begin with ${commit}`);
  const manifestText = await git.run(['cat-file', 'blob', `${commit}:${STEERING_FOLDER}/${STEERING_MANIFEST}`]);
  if (sha256(manifestText) !== steering.digest) throw refused(`its package is not sha256:${steering.digest}`);
  const listed = new Map(readOldManifest(manifestText)?.files.map(({ path, sha256 }) => [path, sha256] as const));
  listed.set(STEERING_MANIFEST, steering.digest);
  const before = new Set(await oldSteeringPaths(head, git));
  const isOurs = async ({ path, newMode, object }: ChangedFile): Promise<boolean> => {
    if (!path.startsWith(`${STEERING_FOLDER}/`)) return false;
    const name = path.slice(STEERING_FOLDER.length + 1);
    if (newMode === '000000') return before.has(name) && !listed.has(name);
    return newMode === '100644' && sha256(await git.run(['cat-file', 'blob', object])) === listed.get(name);
  };
  for (const file of files.filter((file) => file.commit === commit))
    if (!(await isOurs(file))) throw refused(`it changes ${showPath(file.path)}`);
  return commit;
};
