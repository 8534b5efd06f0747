import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

type Entry = { readonly pid: number; readonly parent: number; readonly group: number };

/** /proc/PID/stat is `pid (name) state ppid pgrp …`; the name may hold spaces and brackets, so read from the last one. */
const parseStat = (pid: number, stat: string): Entry => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, parent: Number(fields[1]), group: Number(fields[2]) };
};

const readFromProc = (): Entry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))];
      } catch {
        return []; // ended while we looked
      }
    });

const readFromPs = (): Entry[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, group = 0]) => ({ pid, parent, group }));

const readProcesses = (): Entry[] => (process.platform === 'linux' ? readFromProc() : readFromPs());

/** Every living process that descends from `root`, or shares a process group with one that does; `root` included. */
export const readProcessTree = (root: number): readonly number[] => {
  const all = readProcesses();
  const found = new Set([root]);
  const groups = new Set([root]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid, parent, group } of all) {
      if (found.has(pid) || !(found.has(parent) || groups.has(group))) continue;
      found.add(pid);
      // A group counts only when its leader is in the tree: our own group must never be caught.
      if (found.has(group)) groups.add(group);
      grew = true;
    }
  }
  return [...found];
};

/** Sends `signal` to each process; one that has already ended, or is not ours to end, is passed over. */
export const signalProcesses = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
};
