import { join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git } from '../../adapters/git/git';
import type { StoredObject } from '../../domain/build-result';
import { WORK } from './unpack';

type Input = {
  readonly key: string;
  readonly head: string;
  readonly resultHead: string;
  readonly privateFolder: string;
};
type Deps = { readonly git: Git; readonly store: Pick<ArtifactStore, 'upload'> };

/** Stores the new commits as a bundle with the one ref refs/heads/work, which whoever has `head` can unpack; null when there are none. */
export const storeResultBundle = async (
  { key, head, resultHead, privateFolder }: Input,
  { git, store }: Deps,
): Promise<StoredObject | null> => {
  if (resultHead === head) return null;
  const path = join(privateFolder, 'result.bundle');
  await git.run(['bundle', 'create', '--quiet', path, WORK, `^${head}`]);
  return store.upload(key, path, 'application/x-git-bundle');
};
