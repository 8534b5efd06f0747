import type { Git } from '../../adapters/git/git';
import type { CheckoutResult } from '../../domain/build-result';
import { describeError, hasCode } from '../../domain/errors';
import { type SteeringPackage, steeringInvalid } from '../../domain/steering-package';
import { checkSecrets } from './check-secrets';
import type { Limits } from './limits';
import { readChange } from './read-change';
import { treeWithSteering } from './steering-tree';

type Refs = { readonly base: string; readonly work: string; readonly guard: string };
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
 * Brings the package onto the feature branch as a commit of its own, if the branch differs from it; and makes `guard`, the base branch with the package: the protected files that the builder
 * works with. Moves the refs `work` and `guard`. @throws SteeringInvalid when the commit holds what looks like a credential
 */
export const bringSteering = async (steering: SteeringPackage, refs: Refs, deps: Deps): Promise<Steering> => {
  const { git, log } = deps;
  const { manifest, digest } = steering;
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
  log(`steering: ${commit ? `commit ${commit} brings it to the branch` : 'the branch has it already'}`);
  return { name: manifest.name, release: manifest.release, digest, commit, guard };
};
