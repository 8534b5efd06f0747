import { setTimeout as delay } from 'node:timers/promises';
import { readProcessTree, signalProcesses } from '../../adapters/process/process-tree';
import { processesWith, processIdentity } from '../process-identity';

/** Asking this often whether the processes are gone; each answer costs a look through the process table. */
const LOOK_MS = 10;

/** What is left of a build: the tree under its shell, and whoever left that tree but carries the build's mark. */
const remaining = (shell: number, mark: string): readonly number[] =>
  [...new Set([...readProcessTree(shell), ...processesWith(mark).flatMap(readProcessTree)])].filter(
    (pid) => processIdentity(pid) !== '',
  );

/** Ends every process of a build: politely, then for good. Resolves when none is left. `graceMs` 0 skips the polite part. */
export const endBuildProcesses = async (shell: number, mark: string, graceMs: number): Promise<void> => {
  const deadline = Date.now() + graceMs;
  if (graceMs > 0) signalProcesses(remaining(shell, mark), 'SIGTERM');
  for (let left = remaining(shell, mark); left.length > 0; left = remaining(shell, mark)) {
    if (Date.now() >= deadline) signalProcesses(left, 'SIGKILL');
    await delay(LOOK_MS);
  }
};
