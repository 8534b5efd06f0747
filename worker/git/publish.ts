import { join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git, GitDeps } from '../../adapters/git/git';
import { initBareRepository } from '../../adapters/git/init-repository';
import { openRemote, type RemoteRepository } from '../../adapters/git/remote-repository';
import { publishKeys } from '../../domain/artifact-keys';
import type { PublishResult } from '../../domain/build-result';
import { countOf } from '../../domain/count-of';
import { WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import type { RetryDeps } from '../../domain/retry-transient';
import type { PublishEnvironment } from '../env';
import { checkBranches } from './check-branches';
import { checkPaths } from './check-paths';
import { checkSecrets } from './check-secrets';
import { checkSteering } from './check-steering';
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

type World = PublishDeps & { readonly git: Git; readonly remote: RemoteRepository; readonly token: string };

/** What a branch at `tip` means: as it was checked out, or already where we would bring it. @throws BranchMoved */
const positionOf = (
  { item }: PublishEnvironment,
  bound: BoundResult,
  tip: string,
): 'as-checked-out' | 'already-there' => {
  if (tip === bound.resultHead) return 'already-there';
  if (tip === bound.head) return 'as-checked-out';
  throw new WorkerError(
    'BranchMoved',
    `"${item.branch}" of ${item.repository} is at ${tip} now; the build started from ${bound.head}.`,
    'Nothing was pushed, and nothing is lost on the branch. Start the item again.',
  );
};

/** Fetches the head, which alone is enough: what came before it is on the server, and is not what we judge. */
const fetchHead = async ({ item }: PublishEnvironment, { git, remote }: World): Promise<string> => {
  await remote.fetch({ [`refs/heads/${item.branch}`]: WORK }, { depth: 1 });
  return (await git.run(['rev-parse', WORK])).trim();
};

const checkResult = async (bound: BoundResult, world: World): Promise<void> => {
  await openResult(bound, world);
  const change = await readChange(bound, world);
  await checkPaths(change, await checkSteering(bound, change, world), world);
  await checkSecrets(bound, change, { git: world.git, secrets: [...world.secrets, world.token] });
  world.log(`${countOf(change.commits.length, 'commit')}, ${countOf(change.sizes.size, 'new object')}, all checked`);
};

const push = async (env: PublishEnvironment, bound: BoundResult, { isCurrent, remote }: World): Promise<Outcome> => {
  const { item, lease } = env;
  if (!(await isCurrent(lease)))
    throw new WorkerError(
      'LeaseLost',
      `The lease on ${item.itemId} (fence ${lease.fence}) is no longer current: another execution works on it.`,
      'Nothing was pushed.',
    );
  if (env.dryRun) return 'dry-run';
  await remote.push({ commit: bound.resultHead, branch: item.branch, expected: bound.head });
  return 'pushed';
};

const bringThere = async (env: PublishEnvironment, bound: BoundResult, world: World): Promise<Outcome> => {
  const branches = await world.remote.readBranches();
  checkBranches(env.item, branches);
  const tip = branches.tips.get(env.item.branch) ?? '';
  if (positionOf(env, bound, tip) === 'already-there') return 'already-there';
  if (positionOf(env, bound, await fetchHead(env, world)) === 'already-there') return 'already-there';
  await checkResult(bound, world);
  return push(env, bound, world);
};

/**
 * Checks the result that the verdict is bound to, and pushes exactly its commit to the feature branch, if the branch is still where the checkout found it.
 * Repeating it is harmless. A red verdict is published too: its pull request is a draft. Nothing of the repository is checked out or run.
 */
export const publish = async (env: PublishEnvironment, deps: PublishDeps): Promise<PublishResult> => {
  const { item } = env;
  const bound = await readBoundResult(env, deps);
  const git = await initBareRepository(join(deps.workFolder, 'publish.git'), deps);
  const token = await deps.readSecret(env.gitCredentialsSecret);
  const remote = openRemote({ serverUrl: env.githubServerUrl, repository: item.repository }, { ...deps, git, token });
  const outcome = await bringThere(env, bound, { ...deps, git, remote, token });
  const { head: before, resultHead: after } = bound;
  const result: PublishResult = { version: 1, branch: item.branch, before, after, outcome };
  await deps.store.writeText(publishKeys(env.artifactsPrefix).result, JSON.stringify(result));
  deps.log(`"${item.branch}" of ${item.repository}: ${outcome}, ${before} to ${after}`);
  return result;
};
