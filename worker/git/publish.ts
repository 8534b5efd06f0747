import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { type GitDeps, openGit } from '../../adapters/git/git';
import { openRemote, type RemoteRepository } from '../../adapters/git/remote-repository';
import { publishKeys } from '../../domain/artifact-keys';
import type { PublishResult } from '../../domain/build-result';
import { WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import type { RetryDeps } from '../../domain/retry-transient';
import type { PublishEnvironment } from '../env';
import { checkBranches } from './check-branches';
import { checkPaths } from './check-paths';
import { checkSecrets } from './check-secrets';
import type { Limits } from './limits';
import { openResult } from './open-result';
import { type BoundResult, readBoundResult } from './read-bound-result';
import { readChange } from './read-change';

export type PublishDeps = GitDeps &
  RetryDeps & {
    readonly store: Pick<ArtifactStore, 'download' | 'readText' | 'writeText'>;
    readonly readSecret: (name: string) => Promise<string>;
    /** Whether the lease is still the newest on its item. */
    readonly isCurrent: (lease: Lease) => Promise<boolean>;
    readonly log: (line: string) => void;
    /** An empty folder that is the build's own. */
    readonly workFolder: string;
    readonly limits: Limits;
    /** Values that must not get out, beside the git credential. */
    readonly secrets: readonly string[];
  };

type Outcome = PublishResult['outcome'];

const WORK = 'refs/heads/work';

const moved = ({ item }: PublishEnvironment, bound: BoundResult, tip: string): WorkerError =>
  new WorkerError(
    'BranchMoved',
    `"${item.branch}" of ${item.repository} is at ${tip} now; the build started from ${bound.head}.`,
    'Nothing was pushed, and nothing is lost on the branch. Start the item again.',
  );

/** Where the branch is: as it was checked out, or already where we would bring it. @throws BranchMoved, and all of checkBranches */
const readPosition = async (env: PublishEnvironment, bound: BoundResult, remote: RemoteRepository) => {
  const { item } = env;
  const branches = await remote.readBranches();
  checkBranches(item, branches);
  const tip = branches.tips.get(item.branch) ?? '';
  if (tip === bound.resultHead) return 'already-there' as const;
  if (tip === bound.head) return 'as-checked-out' as const;
  throw moved(env, bound, tip);
};

const push = async (
  env: PublishEnvironment,
  bound: BoundResult,
  remote: RemoteRepository,
  deps: PublishDeps,
): Promise<Outcome> => {
  const { item, lease } = env;
  if (!(await deps.isCurrent(lease)))
    throw new WorkerError(
      'LeaseLost',
      `The lease on ${item.itemId} (fence ${lease.fence}) is no longer current: another execution works on it.`,
      'Nothing was pushed.',
    );
  if (env.dryRun) return 'dry-run';
  await remote.push({ commit: bound.resultHead, branch: item.branch, expected: bound.head });
  return 'pushed';
};

/**
 * Checks the result that the verdict is bound to, and pushes exactly its commit to the feature branch, if the branch is still where the checkout found it.
 * Repeating it is harmless. A red verdict is published too: its pull request is a draft. Nothing of the repository is checked out or run.
 */
export const publish = async (env: PublishEnvironment, deps: PublishDeps): Promise<PublishResult> => {
  const { item } = env;
  const bound = await readBoundResult(env, deps);
  const git = openGit(join(deps.workFolder, 'publish.git'), deps);
  await mkdir(git.gitDir, { recursive: true });
  await git.run(['init', '--quiet', '--bare', '--template=']);
  const token = await deps.readSecret(env.gitCredentialsSecret);
  const remote = openRemote({ serverUrl: env.githubServerUrl, repository: item.repository }, { ...deps, git, token });

  const position = await readPosition(env, bound, remote);
  if (position === 'as-checked-out') {
    // The head alone is enough: what came before it is on the server, and is not what we judge.
    await remote.fetch({ [`refs/heads/${item.branch}`]: WORK }, 1);
    const tip = (await git.run(['rev-parse', WORK])).trim();
    if (tip !== bound.head) throw moved(env, bound, tip);
    await openResult(bound, { ...deps, git });
    const change = await readChange(bound, { ...deps, git });
    await checkPaths(change, { ...deps, git });
    await checkSecrets(bound, change, { git, secrets: [...deps.secrets, token] });
    deps.log(`${change.commits.length} commits, ${change.sizes.size} new objects, all checked`);
  }
  const outcome = position === 'already-there' ? position : await push(env, bound, remote, deps);
  const result: PublishResult = {
    version: 1,
    branch: item.branch,
    before: bound.head,
    after: bound.resultHead,
    outcome,
  };
  await deps.store.writeText(publishKeys(env.artifactsPrefix).result, JSON.stringify(result));
  deps.log(`"${item.branch}" of ${item.repository}: ${outcome}, ${bound.head} to ${bound.resultHead}`);
  return result;
};
