import type { RemoteBranches } from '../../adapters/git/remote-repository';
import { WorkerError } from '../../domain/errors';
import type { WorkItem } from '../../domain/work-item';

/**
 * That the item's branch is one that the worker may work on. The board was asked before, but it is the repository that counts.
 * @throws RepositoryEmpty, BranchForbidden, BranchNotFound
 */
export const checkBranches = ({ repository, branch, baseBranch }: WorkItem, remote: RemoteBranches): void => {
  const { defaultBranch, tips } = remote;
  if (tips.size === 0)
    throw new WorkerError('RepositoryEmpty', `${repository} has no commit yet.`, 'Push a first commit to it.');
  if (branch === baseBranch || branch === defaultBranch)
    throw new WorkerError(
      'BranchForbidden',
      `"${branch}" is the ${branch === defaultBranch ? 'default' : 'base'} branch of ${repository}: work is done on a feature branch.`,
      'Name a feature branch in the item.',
    );
  for (const [role, name] of [
    ['feature', branch],
    ['base', baseBranch],
  ] as const)
    if (!tips.has(name))
      throw new WorkerError(
        'BranchNotFound',
        `${repository} has no branch "${name}" (the item's ${role} branch).`,
        'Push the branch, or name another one in the item.',
      );
};
