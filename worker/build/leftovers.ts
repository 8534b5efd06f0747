import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcesses } from '../../adapters/process/process-tree';

/**
 * How the processes of one build are told from all others, also after they have left their group and their parent: by a group id that the kernel hands down
 * and only root can change, or, where there is no root, by a variable in their environment.
 */
export type ProcessMark =
  | { readonly kind: 'group'; readonly gid: number }
  | { readonly kind: 'variable'; readonly text: string };

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // ended while we looked, or somebody else's
  }
};

const carries = (pid: string, mark: ProcessMark): boolean => {
  if (mark.kind === 'variable') return `\0${read(`/proc/${pid}/environ`)}`.includes(`\0${mark.text}\0`);
  const status = read(`/proc/${pid}/status`);
  if (/^State:\s*[ZX]/m.test(status)) return false;
  return /^Gid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/).includes(String(mark.gid)) ?? false;
};

/** Processes that carry the mark; none where there is no /proc. */
export const findMarked = (mark: ProcessMark): readonly number[] => {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && carries(name, mark))
    .map(Number);
};

const ROUNDS = 200;
const PAUSE_MILLISECONDS = 10;

/** Ends every process that carries the mark, also those that go on forking while it looks. Returns how many there were at first. */
export const endMarked = async (mark: ProcessMark): Promise<number> => {
  const first = findMarked(mark);
  for (let round = 0, left = first; left.length > 0 && round < ROUNDS; round += 1) {
    signalProcesses(left, 'SIGSTOP'); // what is stopped does not fork
    signalProcesses(findMarked(mark), 'SIGKILL');
    await sleep(PAUSE_MILLISECONDS);
    left = findMarked(mark);
  }
  return first.length;
};
