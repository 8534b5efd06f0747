import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** Bundles, logs, coverage, index: the supervisor's alone. */
  readonly private: string;
};

type Owner = { readonly uid: number; readonly gid: number };

/** Makes the folders below `root`, which may exist. Modes are set explicitly: the umask of whoever starts us must not open or close anything. */
export const createWorkFolder = async (root: string, owner: Owner | null): Promise<WorkFolder> => {
  const make = async (name: string, mode: number, isTheirs: boolean): Promise<string> => {
    const path = join(root, name);
    await mkdir(path, { recursive: true });
    if (isTheirs && owner) await chown(path, owner.uid, owner.gid);
    await chmod(path, mode);
    return path;
  };
  await mkdir(root, { recursive: true });
  await chmod(root, 0o711); // to be passed through, not to be listed
  return {
    tree: await make('tree', 0o700, true),
    home: await make('home', 0o700, true),
    temporary: await make('tmp', 0o700, true),
    repository: await make('repository.git', 0o755, false),
    prompts: await make('prompts', 0o755, false),
    private: await make('private', 0o700, false),
  };
};

/**
 * Takes everything away, as well as it can be: what was built may be closed, or nested deeper than a path can be long, and neither may fail a build that is done.
 */
export const clearWorkFolder = async (
  folder: WorkFolder,
  { searchPath }: { readonly searchPath: string },
): Promise<void> => {
  const paths = Object.values(folder);
  const run = (command: string, ...args: readonly string[]) =>
    runProgram({ command, args: [...args, '--', ...paths], cwd: '/', env: { PATH: searchPath } });
  if ((await run('rm', '-rf')).exitCode === 0) return;
  await run('chmod', '-R', 'u+rwX');
  await run('rm', '-rf');
};
