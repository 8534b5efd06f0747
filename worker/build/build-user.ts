import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { runProgram } from '../../adapters/process/run-program';
import { WorkerError } from '../../domain/errors';
import { findMarked } from './leftovers';

/** The user that install, agent and tests run as. `gid` is a group that nothing but this build has: it marks its processes. */
export type BuildUser = { readonly name: string; readonly uid: number; readonly gid: number };

/** systemd's range for ids that are given out while the machine runs (systemd.exec(5), DynamicUser=): no package creates a group in it. */
const FIRST_GROUP = 61_184;
const LAST_GROUP = 65_519;

const wrong = (problem: string): WorkerError =>
  new WorkerError('ValidationError', `BUILD_USER: ${problem}.`, 'Name a user without privileges, or none at all.');

const namedGroups = (): ReadonlySet<number> => {
  const lines = existsSync('/etc/group') ? readFileSync('/etc/group', 'utf8').split('\n') : [];
  return new Set(lines.map((line) => Number(line.split(':')[2])));
};

/** A group that nobody else uses: Grid Engine tells jobs apart in the same way. */
const freeGroup = (): number => {
  const named = namedGroups();
  for (;;) {
    const gid = randomInt(FIRST_GROUP, LAST_GROUP + 1);
    if (!named.has(gid) && findMarked({ kind: 'group', gid }).length === 0) return gid;
  }
};

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
  return { name, uid, gid: freeGroup() };
};
