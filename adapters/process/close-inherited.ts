import type { StdioOptions } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

const FOLDER = '/proc/self/fdinfo';

/** O_CLOEXEC among the `flags` of proc_pid_fdinfo(5). */
const CLOSED_AT_EXEC = 0o2000000;

const wouldStayOpen = (descriptor: string): boolean => {
  try {
    const [, flags = ''] = /^flags:\s*(\d+)$/m.exec(readFileSync(`${FOLDER}/${descriptor}`, 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & CLOSED_AT_EXEC) === 0;
  } catch {
    return false; // the one through which the folder was read
  }
};

const inheritable = (): readonly number[] =>
  process.platform === 'linux'
    ? readdirSync(FOLDER)
        .filter((descriptor) => Number(descriptor) > 2 && wouldStayOpen(descriptor))
        .map(Number)
    : [];

/**
 * Starts a program that gets three pipes and no other descriptor of ours. Node opens its own so that they close by themselves, but what it was started with, or what a
 * native library has opened (LevelDB), would be passed on, open for writing and whoever the program runs as: /dev/null takes its place.
 */
export const withoutInherited = <Child>(start: (stdio: StdioOptions) => Child): Child => {
  const open = inheritable();
  const nothing = open.length > 0 ? openSync('/dev/null', 'r') : -1;
  try {
    const rest = Array.from({ length: Math.max(2, ...open) - 2 }, (_, at) =>
      open.includes(at + 3) ? nothing : ('ignore' as const),
    );
    return start(['pipe', 'pipe', 'pipe', ...rest]);
  } finally {
    if (nothing >= 0) closeSync(nothing);
  }
};
