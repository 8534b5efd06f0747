import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../../adapters/process/run-program';

/** Where the files of one build lie. */
export type WorkFolder = {
  /** The checked out files: the build user's own. */
  readonly tree: string;
  /** HOME and TMPDIR of what runs as the build user. */
  readonly home: string;
  readonly temporary: string;
  /** The bare repository that commits are made in: everybody may read it, only the supervisor writes. */
  readonly repository: string;
  /** What is handed to the agent: readable, not writable. */
  readonly prompts: string;
  /** The pinned agent: readable and executable, not writable. */
  readonly agent: string;
  /** Bundles, logs, coverage, index: the supervisor's alone. */
  readonly private: string;
};

type Owner = { readonly uid: number; readonly gid: number };
type Deps = { readonly searchPath: string };

/**
 * Makes the folders below `root`, which may exist. Modes are set explicitly: the umask of whoever starts us must not open or close anything. `root` is to be passed
 * through by the owner's group, which nothing but this build has; it is not to be listed.
 */
export const createWorkFolder = async (root: string, owner: Owner | null): Promise<WorkFolder> => {
  const make = async (name: string, mode: number, isTheirs: boolean): Promise<string> => {
    const path = join(root, name);
    await mkdir(path, { recursive: true });
    if (isTheirs && owner) await chown(path, owner.uid, owner.gid);
    await chmod(path, mode);
    return path;
  };
  await mkdir(root, { recursive: true });
  if (owner) await chown(root, process.getuid?.() ?? 0, owner.gid);
  await chmod(root, 0o710);
  return {
    tree: await make('tree', 0o700, true),
    home: await make('home', 0o700, true),
    temporary: await make('tmp', 0o700, true),
    repository: await make('repository.git', 0o755, false),
    prompts: await make('prompts', 0o755, false),
    agent: await make('agent', 0o755, false),
    private: await make('private', 0o700, false),
  };
};

/** Takes paths away, as well as it can be: what was built may be closed, or nested deeper than a path can be long, and neither may fail a build. */
const takeAway = async (paths: readonly string[], { searchPath }: Deps): Promise<void> => {
  const run = (command: string, ...args: readonly string[]) =>
    runProgram({ command, args: [...args, '--', ...paths], cwd: '/', env: { PATH: searchPath } });
  if ((await run('rm', '-rf')).exitCode === 0) return;
  await run('chmod', '-R', 'u+rwX');
  await run('rm', '-rf');
};

/**
 * Empty folders in place of those of the build user, for an owner with another group: a process of the old group, should one be left, still has the old
 * folders and finds no way to the new ones.
 */
export const renewWorkFolder = async (folder: WorkFolder, owner: Owner | null, deps: Deps): Promise<WorkFolder> => {
  const old = [folder.tree, folder.home, folder.temporary].map((path) => ({
    path,
    aside: join(folder.private, randomUUID()),
  }));
  for (const { path, aside } of old) {
    await chmod(path, 0o700); // only who may write in a folder can move it, unless it is root
    await rename(path, aside);
  }
  await takeAway(
    old.map(({ aside }) => aside),
    deps,
  );
  return createWorkFolder(dirname(folder.tree), owner);
};

export const clearWorkFolder = (folder: WorkFolder, deps: Deps): Promise<void> => takeAway(Object.values(folder), deps);
