import { existsSync } from 'node:fs';
import { runProgram } from '../../adapters/process/run-program';
import { WorkerError } from '../../domain/errors';
import { gitEnvironment, quietGit } from './quiet-git';

export type GitReader = {
  /** The commit that a branch points at, null when there is no such branch. */
  readBranch(path: string, branch: string): Promise<string | null>;
  readBranches(path: string): Promise<readonly string[]>;
  /** Commits of `head` that `base` lacks. */
  countCommits(path: string, base: string, head: string): Promise<number>;
  isRepository(path: string): Promise<boolean>;
};

/** Reads git repositories on disk as they are at this moment; nothing is kept. `searchPath` is where `git` is found. */
export const gitReader = (searchPath: string): GitReader => {
  const run = async (path: string, ...args: readonly string[]): Promise<string | null> => {
    const env = gitEnvironment(searchPath);
    const end = await runProgram({ command: 'git', args: [...quietGit, ...args], cwd: path, env, timeoutSeconds: 30 });
    if (end.ending === 'exited') return end.exitCode === 0 ? end.stdout.trim() : null;
    if (!existsSync(path)) return null;
    if (end.ending === 'not-started') {
      throw new WorkerError('GitMissing', `git is not found on ${searchPath}.`, 'Install git, or name its folder.');
    }
    throw new WorkerError('RepositoryUnreachable', `git ${args[0]} in ${path} did not end by itself (${end.ending}).`);
  };
  return {
    readBranch: (path, branch) => run(path, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`),
    readBranches: async (path) =>
      ((await run(path, 'for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/')) ?? '')
        .split('\n')
        .filter((name) => name !== ''),
    countCommits: async (path, base, head) =>
      Number((await run(path, 'rev-list', '--count', `refs/heads/${base}..refs/heads/${head}`)) ?? 0),
    isRepository: async (path) => (await run(path, 'rev-parse', '--show-prefix')) === '',
  };
};
