import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../../adapters/git/git';
import { sealedEnvironment } from '../../adapters/git/sealed-git';
import { saysDiskFull } from '../../domain/disk-full-words';
import { WorkerError } from '../../domain/errors';
import type { Sandbox } from './sandbox';
import { tidyTree } from './tidy-tree';
import type { Change } from './tree-changes';
import type { WorkFolder } from './work-folder';

/**
 * The checked out files. They are read into the supervisor's repository by the supervisor, when nothing of the build user's runs any more, and they are
 * written by git with the rights of the build user, so that no symbolic link can lead a write elsewhere.
 */
export type WorkTree = {
  /** Writes all files of a commit into the empty folder. */
  readonly checkOut: (commit: string) => Promise<void>;
  /** The files as they are now, but for ignored ones, as a tree object. Repairs what would stop git (tidy-tree.ts). */
  readonly snapshot: () => Promise<string>;
  /** Makes the paths what they are in `treeish`, where they must be. */
  readonly restore: (paths: readonly string[], treeish: string) => Promise<void>;
  /** Takes changes back that were made since `treeish`. */
  readonly undo: (changes: readonly Change[], treeish: string) => Promise<void>;
  /** Paths of files that git ignores or does not know, at or below those names in the root folder that `isMeant`. */
  readonly listUnknown: (isMeant: (name: string) => boolean) => Promise<readonly string[]>;
  readonly remove: (paths: readonly string[]) => Promise<void>;
};

type Deps = {
  readonly git: Git;
  readonly folder: WorkFolder;
  readonly sandbox: Pick<Sandbox, 'runOurs' | 'isolated'>;
  readonly searchPath: string;
  readonly uid: number | null;
  readonly log: (line: string) => void;
};

export const openWorkTree = ({ git, folder, sandbox, searchPath, uid, log }: Deps): WorkTree => {
  const { tree } = folder;
  const index = { variables: { GIT_INDEX_FILE: join(folder.private, 'index') }, workTree: tree };

  const ours = async (
    command: string,
    args: readonly string[],
    env: Record<string, string>,
    stdin = '',
  ): Promise<void> => {
    const end = await sandbox.runOurs({ command, args, env, stdin });
    if (end.ending === 'exited' && end.exitCode === 0) return;
    if (saysDiskFull(end.stderr))
      throw new WorkerError('DiskFull', `The disk is full: ${command} failed in the work tree.`, 'Free some space.');
    const words = end.stderr.trim().slice(-500) || end.reason;
    throw new WorkerError('UnexpectedFault', `${command} ${args[0] ?? ''} failed in the work tree: ${words}`);
  };
  /** With an index of its own, fresh each time: the supervisor's stays out of the build user's reach, and nobody could have prepared this one. */
  const withTheirGit = async (
    work: (run: (args: readonly string[], stdin?: string) => Promise<void>) => Promise<void>,
  ) => {
    const file = join(folder.temporary, `index-${randomUUID()}`);
    const variables = { GIT_INDEX_FILE: file };
    const env = sealedEnvironment({ searchPath, gitDir: folder.repository, workTree: tree, variables });
    await work((args, stdin) => ours('git', args, env, stdin));
    await rm(file, { force: true });
  };
  const remove = async (paths: readonly string[]): Promise<void> => {
    if (paths.length === 0) return;
    await ours('xargs', ['-0', 'rm', '-rf', '--'], { PATH: searchPath }, `${paths.join('\0')}\0`);
  };

  const restore = async (paths: readonly string[], treeish: string): Promise<void> => {
    if (paths.length === 0) return;
    const fromInput = ['--pathspec-from-file=-', '--pathspec-file-nul'];
    await withTheirGit((run) =>
      run(['checkout', '--quiet', '--force', ...fromInput, treeish], `${paths.join('\0')}\0`),
    );
  };

  return {
    checkOut: async (commit) => {
      await withTheirGit(async (run) => {
        await run(['read-tree', commit]);
        await run(['checkout-index', '--all', '--force', '--quiet']);
      });
      await git.run(['read-tree', commit], index);
    },
    snapshot: async () => {
      for (const what of tidyTree(tree, uid)) log(`work tree: ${what}`);
      // What git refuses (a name such as "git~1") is left out, and all else is taken.
      const { exitCode, stderr } = await git.ask(['add', '--all', '--ignore-errors'], index);
      if (exitCode !== 0 && /^fatal:/m.test(stderr))
        throw new WorkerError('UnexpectedFault', `The work tree cannot be read: ${stderr.trim().slice(-500)}`);
      return (await git.run(['write-tree'], index)).trim();
    },
    restore,
    undo: async (changes, treeish) => {
      // A name that is not UTF-8 has not survived the way to here; what has it is never committed, and stays.
      const known = changes.filter(({ path }) => !path.includes('\uFFFD'));
      await remove(known.filter(({ before }) => before === null).map(({ path }) => path));
      await restore(
        known.filter(({ before }) => before !== null).map(({ path }) => path),
        treeish,
      );
    },
    listUnknown: async (isMeant) => {
      const names = (await readdir(tree)).filter((name) => name !== '.git' && isMeant(name));
      if (names.length === 0) return [];
      return (await git.run(['ls-files', '-z', '--others', '--', ...names], index)).split('\0').filter(Boolean);
    },
    remove,
  };
};
