import type { Git } from '../../adapters/git/git';
import { checkFileSizes } from '../git/check-file-sizes';
import { checkSecrets } from '../git/check-secrets';
import { usualLimits } from '../git/limits';
import { readChange } from '../git/read-change';

type Input = {
  /** The commits that the build, and that this task started from. */
  readonly start: string;
  readonly head: string;
  readonly commit: string;
};
type Deps = {
  readonly git: Git;
  /** Values that only this build knows: publishing cannot look for them. */
  readonly secrets: readonly string[];
};

/** What publishing would refuse, together with everything that was done before it, and what it could not find. @throws ChangeTooLarge, SecretInChange */
export const checkCommit = async ({ start, head, commit }: Input, { git, secrets }: Deps): Promise<void> => {
  const limits = usualLimits;
  checkFileSizes(await readChange({ head: start, resultHead: commit }, { git, limits }), limits);
  const change = await readChange({ head, resultHead: commit }, { git, limits });
  await checkSecrets({ head }, change, { git, secrets });
};
