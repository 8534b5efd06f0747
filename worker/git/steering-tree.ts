import { join } from 'node:path';
import type { Git } from '../../adapters/git/git';
import { showPath } from '../../domain/show-path';
import {
  readOldManifest,
  STEERING_FOLDER,
  STEERING_MANIFEST,
  type SteeringManifest,
  type SteeringPackage,
  steeringInvalid,
  steeringLimits,
} from '../../domain/steering-package';

type Deps = { readonly git: Git; readonly workFolder: string };

/** Text of a regular file of a commit, as far as it is small; null for everything else. */
const readSmallFile = async (commit: string, path: string, git: Git): Promise<string | null> => {
  const listed = await git.run(['ls-tree', '-z', '--long', commit, '--', path]);
  const [, object, size] = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t/.exec(listed) ?? [];
  if (object === undefined || Number(size) > steeringLimits.manifestBytes) return null;
  return git.run(['cat-file', 'blob', object]);
};

/** The package that is in `commit` now, as far as its manifest says so; null when there is none. */
export const oldSteering = async (commit: string, git: Git): Promise<SteeringManifest | null> =>
  readOldManifest(await readSmallFile(commit, `${STEERING_FOLDER}/${STEERING_MANIFEST}`, git));

/** Its paths, relative to the folder: what a new version takes away is among them. */
export const oldSteeringPaths = async (commit: string, git: Git): Promise<readonly string[]> =>
  (await oldSteering(commit, git))?.files.map(({ path }) => path) ?? [];

/** Neither `.kiro` nor a folder of the package may be something else in the repository, nor a folder where the package has a file. */
const checkGround = async (commit: string, paths: readonly string[], git: Git): Promise<void> => {
  const listed = await git.run(['ls-tree', '-r', '-z', '--name-only', commit, '--', '.kiro']);
  for (const there of listed.split('\0').filter((path) => path !== '')) {
    const foe = paths.find((path) => path.startsWith(`${there}/`) || there.startsWith(`${path}/`));
    if (foe) throw steeringInvalid(`"${showPath(there)}" stands in the repository where "${foe}" should go`);
  }
};

/**
 * The tree of `commit` with the package in .kiro/steering: its files and its manifest written, files of an earlier version that it has no more taken away. What else lies in that
 * folder belongs to the repository and stays. @throws SteeringInvalid
 */
export const treeWithSteering = async (
  commit: string,
  { manifestText, files }: SteeringPackage,
  { git, workFolder }: Deps,
): Promise<string> => {
  const wanted = new Map(
    [...files, [STEERING_MANIFEST, manifestText]].map(([path, text]) => [`${STEERING_FOLDER}/${path}`, text]),
  );
  await checkGround(commit, [...wanted.keys()], git);
  const index = { variables: { GIT_INDEX_FILE: join(workFolder, 'steering-index') } };
  await git.run(['read-tree', commit], index);
  const old = (await oldSteeringPaths(commit, git)).map((path) => `${STEERING_FOLDER}/${path}`);
  const nothing = '0'.repeat((await git.run(['rev-parse', `${commit}^{tree}`])).trim().length);
  const entries = old.filter((path) => !wanted.has(path)).map((path) => `0 ${nothing}\t${path}`);
  for (const [path, text] of wanted) {
    const object = (await git.run(['hash-object', '-w', '--stdin'], { stdin: text })).trim();
    entries.push(`100644 ${object}\t${path}`);
  }
  await git.run(['update-index', '-z', '--index-info'], { ...index, stdin: `${entries.join('\0')}\0` });
  return (await git.run(['write-tree'], index)).trim();
};
