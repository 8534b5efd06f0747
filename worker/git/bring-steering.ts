import type { Git } from '../../adapters/git/git';
import type { CheckoutResult } from '../../domain/build-result';
import { describeError, hasCode, WorkerError } from '../../domain/errors';
import { type SteeringPackage, steeringInvalid } from '../../domain/steering-package';
import { isOlderRelease } from '../../domain/steering-release';
import { checkSecrets } from './check-secrets';
import type { Limits } from './limits';
import { readChange } from './read-change';
import { oldSteering, treeWithSteering } from './steering-tree';

type Refs = {
  readonly base: string;
  readonly work: string;
  readonly guard: string;
  /** The package was named by its digest, so it is this one that is meant, whatever its release. */
  readonly isPinned: boolean;
};
type Deps = {
  readonly git: Git;
  readonly limits: Limits;
  readonly workFolder: string;
  readonly now: () => Date;
  readonly log: (line: string) => void;
};

export type Steering = NonNullable<CheckoutResult['steering']>;

/** The same as of the builder's commits where the repository says nothing else. */
const AUTHOR = { name: 'Kiro CodeBuild Worker', email: 'kiro-codebuild-worker@noreply.invalid' } as const;

const commitTree = async (tree: string, parent: string, message: string, { git, now }: Deps): Promise<string> => {
  const date = `@${Math.floor(now().getTime() / 1000)} +0000`;
  const variables = {
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
    GIT_COMMITTER_DATE: date,
  };
  return (await git.run(['commit-tree', tree, '-p', parent], { stdin: message, variables })).trim();
};

/** Publishing would refuse it with the work, after all that the work has cost. @throws SteeringInvalid, ChangeTooLarge */
const checkCommit = async (commit: string, work: string, { git, limits }: Deps): Promise<void> => {
  const head = (await git.run(['rev-parse', work])).trim();
  const change = await readChange({ head, resultHead: commit }, { git, limits });
  await checkSecrets({ head }, change, { git, secrets: [] }).catch((error: unknown) => {
    if (!hasCode(error, 'SecretInChange')) throw error;
    throw steeringInvalid(`publishing its commit would be refused: ${describeError(error)}`, error);
  });
};

/**
 * A tag that was moved back, or a copy that somebody keeps, must not bring rules back that have been mended since. Who means it says so: a digest names one package. What
 * the branch had before is told, also where no order can be. @throws SteeringInvalid
 */
const compareWithBefore = async (
  { manifest: { name, release, files }, digest }: SteeringPackage,
  { base, work, isPinned }: Refs,
  { git, log }: Deps,
): Promise<void> => {
  const there = [
    { where: 'the base branch', old: await oldSteering(base, git) },
    { where: 'the feature branch', old: await oldSteering(work, git) },
  ];
  for (const { where, old } of there)
    if (old && old.name === name && !isPinned && isOlderRelease(release, old.release))
      throw new WorkerError(
        'SteeringInvalid',
        `The steering package ${name} ${release} is older than ${old.release}, which ${where} has.`,
        `Bring ${old.release} or a newer one. If ${release} is meant, pin it: its digest is ${digest}.`,
      );
  const before = there[1]?.old;
  if (!before) return;
  if (before.name !== name || before.release !== release)
    log(`steering: ${name} ${release} takes the place of ${before.name} ${before.release}`);
  else if (JSON.stringify(before.files) !== JSON.stringify(files))
    log(`steering: ${name} ${release} is not what was ${name} ${release} on the branch: its release was used twice`);
};

/**
 * Brings the package onto the feature branch as a commit of its own, if the branch differs from it; and makes `guard`, the base branch with the package: the protected files that the builder
 * works with. Moves the refs `work` and `guard`. @throws SteeringInvalid when the commit holds what looks like a credential, or the branch has a newer release
 */
export const bringSteering = async (steering: SteeringPackage, refs: Refs, deps: Deps): Promise<Steering> => {
  const { git, log } = deps;
  const { manifest, digest } = steering;
  await compareWithBefore(steering, refs, deps);
  const title = `Steering ${manifest.name} ${manifest.release}`;
  const message = `${title}\n\nKiro-Steering: ${manifest.name}@${manifest.release} sha256:${digest}\n`;
  const guard = await commitTree(await treeWithSteering(refs.base, steering, deps), refs.base, message, deps);
  await git.run(['update-ref', refs.guard, guard]);
  const tree = await treeWithSteering(refs.work, steering, deps);
  const isThere = tree === (await git.run(['rev-parse', `${refs.work}^{tree}`])).trim();
  const commit = isThere ? null : await commitTree(tree, refs.work, message, deps);
  if (commit) {
    await checkCommit(commit, refs.work, deps);
    await git.run(['update-ref', refs.work, commit]);
  }
  log(`steering: ${commit ? `commit ${commit} brings it to the branch` : 'up to date, the branch has it already'}`);
  return { name: manifest.name, release: manifest.release, digest, commit, guard };
};
