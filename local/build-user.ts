import { execFileSync } from 'node:child_process';
import { runProgram } from '../adapters/process/run-program';

const UNPRIVILEGED = 'nobody';

const idsOf = (user: string): { uid: number; gid: number } | null => {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }).trim());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
};

/** The user to which builds drop their privileges on this machine: `nobody` when we are root and that user can reach node and git; else '' (no isolation), with the reason. */
export const findBuildUser = async (path: string): Promise<{ readonly user: string; readonly reason: string }> => {
  if (process.getuid?.() !== 0) return { user: '', reason: 'only root can drop privileges' };
  const ids = idsOf(UNPRIVILEGED);
  if (!ids) return { user: '', reason: `this machine has no user "${UNPRIVILEGED}"` };
  const end = await runProgram({
    command: 'sh',
    args: ['-c', 'node -e 0 && git --version'],
    cwd: '/',
    env: { PATH: path, HOME: '/nonexistent' },
    user: ids,
    timeoutSeconds: 20,
  });
  if (end.exitCode === 0) return { user: UNPRIVILEGED, reason: '' };
  return { user: '', reason: `the user "${UNPRIVILEGED}" may not reach node and git` };
};
