import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git, GitDeps } from '../../adapters/git/git';
import { initBareRepository } from '../../adapters/git/init-repository';
import { openRemote } from '../../adapters/git/remote-repository';
import { checkoutKeys } from '../../domain/artifact-keys';
import type { CheckoutResult } from '../../domain/build-result';
import { WorkerError } from '../../domain/errors';
import type { RetryDeps } from '../../domain/retry-transient';
import type { CheckoutEnvironment } from '../env';
import { bringSteering, type Steering } from './bring-steering';
import { checkBranches } from './check-branches';
import type { Limits } from './limits';
import { readSpecFiles } from './spec-files';
import { fetchSteering } from './steering-package';

export type CheckoutDeps = GitDeps &
  RetryDeps & {
    readonly store: Pick<ArtifactStore, 'upload' | 'writeText'>;
    /** The releases bucket, where a steering package may be. */
    readonly releases: Pick<ArtifactStore, 'download'>;
    /** The git credential, for the item's repository or, where one is named, for that one. */
    readonly readSecret: (name: string, repository?: string) => Promise<string>;
    readonly log: (line: string) => void;
    /** An empty folder that is the build's own. */
    readonly workFolder: string;
    readonly limits: Limits;
    readonly now: () => Date;
  };

/** The refs of the bundle, and of the repository that it is made from. */
const BASE = 'refs/heads/base';
const WORK = 'refs/heads/work';
const GUARD = 'refs/heads/guard';

const checkSharedHistory = async ({ item }: CheckoutEnvironment, git: Git): Promise<void> => {
  const { exitCode } = await git.ask(['merge-base', BASE, WORK]);
  if (exitCode === 0) return;
  throw new WorkerError(
    'BranchForbidden',
    `"${item.branch}" and "${item.baseBranch}" of ${item.repository} have no commit in common, so no pull request can join them.`,
    `Start the feature branch from "${item.baseBranch}".`,
  );
};

/** Fetched, checked and committed here, by the one who holds the credential and runs no code of the repository. */
const addSteering = async (env: CheckoutEnvironment, git: Git, deps: CheckoutDeps): Promise<Steering | null> => {
  if (!env.steering) return null;
  const { githubServerUrl: serverUrl, gitCredentialsSecret } = env;
  const tokenOf = (repository: string) => deps.readSecret(gitCredentialsSecret, repository);
  const found = await fetchSteering(env.steering, { ...deps, tokenOf, serverUrl });
  const refs = { base: BASE, work: WORK, guard: GUARD, isPinned: env.steering.digest !== null };
  return bringSteering(found, refs, { ...deps, git });
};

const writeBundle = async (
  { item }: CheckoutEnvironment,
  refs: readonly string[],
  git: Git,
  { workFolder, limits }: CheckoutDeps,
) => {
  const path = join(workFolder, 'source.bundle');
  await git.run(['bundle', 'create', '--quiet', path, ...refs], { timeoutSeconds: 3_600 });
  const { size } = await stat(path);
  if (size > limits.sourceBytes)
    throw new WorkerError(
      'ChangeTooLarge',
      `"${item.branch}" and "${item.baseBranch}" of ${item.repository} take ${size} bytes with their history; at most ${limits.sourceBytes} are carried to a build.`,
      'Move large files out of the history (Git LFS), or split the repository.',
    );
  return path;
};

/**
 * Fetches base and feature branch into a bare repository, checks branch and spec, and stores both branches as one bundle for the builder, which has no credential. The bundle
 * holds the base's protected files, because it holds the base. Nothing of the repository is checked out or run. `checkout.json` is written last: where it is, all is.
 */
export const checkout = async (env: CheckoutEnvironment, deps: CheckoutDeps): Promise<CheckoutResult> => {
  const { item } = env;
  const git = await initBareRepository(join(deps.workFolder, 'source.git'), deps);
  const token = await deps.readSecret(env.gitCredentialsSecret);
  const address = { serverUrl: env.githubServerUrl, repository: item.repository };
  const remote = openRemote(address, { ...deps, git, token });

  checkBranches(item, await remote.readBranches());
  deps.log(`fetching "${item.branch}" and "${item.baseBranch}" of ${item.repository}`);
  await remote.fetch({ [`refs/heads/${item.baseBranch}`]: BASE, [`refs/heads/${item.branch}`]: WORK });
  await checkSharedHistory(env, git);
  const specFiles = await readSpecFiles({ commit: WORK, branch: item.branch, specPath: item.specPath }, { git });
  const tips = await git.run(['rev-parse', BASE, WORK]);
  const [base = '', head = ''] = tips.split('\n');

  const steering = await addSteering(env, git, deps);
  const refs = [BASE, WORK, ...(steering ? [GUARD] : [])];

  const keys = checkoutKeys(env.artifactsPrefix);
  const bundle = await deps.store.upload(
    keys.bundle,
    await writeBundle(env, refs, git, deps),
    'application/x-git-bundle',
  );
  const result: CheckoutResult = {
    version: 1,
    repository: item.repository,
    branch: item.branch,
    baseBranch: item.baseBranch,
    base,
    head,
    specFiles: [...specFiles],
    bundle,
    steering,
  };
  await deps.store.writeText(keys.result, JSON.stringify(result));
  deps.log(`base ${base}, head ${head}, bundle of ${bundle.bytes} bytes`);
  return result;
};
