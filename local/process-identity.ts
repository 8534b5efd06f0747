import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const fromProc = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, start] = [0, 19].map((field) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[field]);
    return state === 'Z' || !start ? '' : `${start} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return '';
  }
};

const fromPs = (pid: number): string => {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line.startsWith('Z') ? '' : line.replace(/^\S+\s+/, '');
  } catch {
    return '';
  }
};

/**
 * What tells a process from a later one with the same pid: when it started. '' when no such process runs; one that has ended and that nobody
 * has taken note of (a container without an init process) runs no more.
 */
export const processIdentity = (pid: number): string => (process.platform === 'linux' ? fromProc(pid) : fromPs(pid));

/** Processes that were started with `variable` (`NAME=value`) in their environment. Empty where the system does not tell (all but Linux). */
export const processesWith = (variable: string): readonly number[] => {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(variable);
      } catch {
        return false; // ended while we looked, or not ours to look at
      }
    })
    .map(Number);
};
