import { runProgram } from '../../adapters/process/run-program';
import { WorkerError } from '../../domain/errors';
import { type Group, takeFreeGroup } from './free-group';

/** The user that install, agent and tests run as. `gid` is a group that nothing but this build has until it is released: it marks its processes. */
export type BuildUser = Group & { readonly name: string; readonly uid: number };

const wrong = (problem: string): WorkerError =>
  new WorkerError('ValidationError', `BUILD_USER: ${problem}.`, 'Name a user without privileges, or none at all.');

/** @throws ValidationError when the user does not exist, is root, or when only root could become it */
export const findBuildUser = async (
  name: string | null,
  { searchPath }: { readonly searchPath: string },
): Promise<BuildUser | null> => {
  if (name === null) return null;
  if (process.getuid?.() !== 0) throw wrong(`only root can run the build as "${name}"`);
  const { stdout } = await runProgram({ command: 'id', args: ['-u', name], cwd: '/', env: { PATH: searchPath } });
  const uid = /^\d+$/.test(stdout.trim()) ? Number(stdout) : null;
  if (uid === null) throw wrong(`this machine has no user "${name}"`);
  if (uid === 0) throw wrong(`"${name}" is root, which is no isolation`);
  return { name, uid, ...(await takeFreeGroup()) };
};
