import { mkdir } from 'node:fs/promises';
import { WorkerError } from '../../domain/errors';
import { isAtLeast } from '../../domain/is-at-least';
import { type Git, type GitDeps, openGit } from './git';
import { oldestGit } from './oldest-git';

/** @throws GitMissing when git is not there or too old */
export const checkGitVersion = async (git: Git): Promise<void> => {
  const words = (await git.run(['version'])).trim();
  if (isAtLeast(/\d+\.\d+/.exec(words)?.[0] ?? '0', oldestGit)) return;
  throw new WorkerError('GitMissing', `"${words}" is too old.`, `Install git ${oldestGit.join('.')} or newer.`);
};

/** A new bare repository without hooks or any other template. */
export const initBareRepository = async (gitDir: string, deps: GitDeps): Promise<Git> => {
  const git = openGit(gitDir, deps);
  await mkdir(gitDir, { recursive: true });
  await checkGitVersion(git);
  await git.run(['init', '--quiet', '--bare', '--template=']);
  return git;
};
