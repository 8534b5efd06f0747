import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../adapters/process/run-program';
import { WorkerError } from '../../domain/errors';

// Nothing of the user's git configuration may change the sample: same commits, same ids, on every machine.
const gitEnvironment = (path: string): Record<string, string> => ({
  PATH: path,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Sample shop',
  GIT_AUTHOR_EMAIL: 'shop@example.com',
  GIT_AUTHOR_DATE: '2026-01-05T09:00:00Z',
  GIT_COMMITTER_NAME: 'Sample shop',
  GIT_COMMITTER_EMAIL: 'shop@example.com',
  GIT_COMMITTER_DATE: '2026-01-05T09:00:00Z',
});

/** Puts files into the work tree. */
type Write = (workTree: string) => void;

export type SampleRepository = {
  /** The folder that it gets. */
  readonly name: string;
  readonly writeBase: Write;
  /** Feature branches, from the base; `write` is null for one that is no different. */
  readonly branches: readonly { readonly name: string; readonly title: string; readonly write: Write | null }[];
};

/**
 * Creates a sample's repository with its feature branches, once: a second call leaves it, and all that was pushed to it, alone.
 * Returns its folder.
 */
export const prepareSampleRepository = async (
  folder: string,
  { name, writeBase, branches }: SampleRepository,
  path: string,
): Promise<string> => {
  const repository = join(folder, name);
  if (existsSync(repository)) return repository;
  const draft = join(folder, `${name}.draft`);
  rmSync(draft, { recursive: true, force: true }); // left by a run that was killed in here
  mkdirSync(draft, { recursive: true });
  const git = async (...args: string[]) => {
    const end = await runProgram({ command: 'git', args, cwd: draft, env: gitEnvironment(path) });
    if (end.ending === 'not-started')
      throw new WorkerError('GitMissing', 'The program "git" was not found.', 'Install git and put it on the PATH.');
    if (end.exitCode !== 0) throw new Error(`git ${args[0]} failed in ${draft}: ${end.stderr.trim()}`);
  };
  const commit = async (write: Write, title: string) => {
    write(draft);
    await git('add', '-A');
    await git('commit', '-q', '-m', title);
  };
  await git('init', '-q', '-b', 'main');
  await commit(writeBase, 'A small shop');
  for (const branch of branches) {
    await git('switch', '-q', '-c', branch.name, 'main');
    if (branch.write) await commit(branch.write, branch.title);
  }
  await git('switch', '-q', 'main');
  renameSync(draft, repository);
  return repository;
};
