import { mkdir } from 'node:fs/promises';
import { WorkerError } from '../../domain/errors';
import { type Git, type GitDeps, openGit } from './git';

/** The first version that takes all its configuration from the environment (GIT_CONFIG_COUNT, GIT_CONFIG_GLOBAL); an older one would run unsealed. */
const OLDEST = [2, 32] as const;

/** @throws GitMissing when git is not there or too old */
export const checkGitVersion = async (git: Git): Promise<void> => {
  const words = (await git.run(['version'])).trim();
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(words) ?? []).map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new WorkerError('GitMissing', `"${words}" is too old.`, `Install git ${OLDEST.join('.')} or newer.`);
};

/** A new bare repository without hooks or any other template. */
export const initBareRepository = async (gitDir: string, deps: GitDeps): Promise<Git> => {
  const git = openGit(gitDir, deps);
  await mkdir(gitDir, { recursive: true });
  await checkGitVersion(git);
  await git.run(['init', '--quiet', '--bare', '--template=']);
  return git;
};
