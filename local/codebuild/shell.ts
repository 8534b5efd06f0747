import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChildLedger } from '../child-ledger';
import { endBuildProcesses } from './end-build-processes';

export type ShellPlan = {
  readonly program: 'sh' | 'bash';
  /** For scripts and for what survives an `exit`: variables that are exported, and the directory. */
  readonly folder: string;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** A variable of `variables` (`NAME=value`) that only this build's processes have. */
  readonly mark: string;
};

/** The one shell that runs the commands of a build, one after the other: variables and directory carry over. */
export type BuildShell = {
  /** Runs one command and gives its exit status. */
  readonly run: (command: string) => Promise<number>;
  /** Ends the shell and whatever its commands left behind; `graceMs` is the time between asking and killing. */
  readonly end: (graceMs: number) => Promise<void>;
};

type Deps = { readonly children: ChildLedger; readonly output: (chunk: Buffer) => void };

/** What a shell says of a program that was killed. */
const KILLED = 137;

/** A text as one word of a shell command. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Reads names of scripts from descriptor 4, sources them, and tells their status on descriptor 3; commands see neither. */
const driver = (folder: string): string => {
  const [exported, directory] = ['exported', 'directory'].map((name) => quote(join(folder, name)));
  return `exec 2>&1
__keep() { umask 077; export -p >${exported}; pwd >${directory}; }
trap __keep EXIT
if [ -f ${exported} ]; then
  . ${exported}
  rm -f ${exported}
  cd "$(cat ${directory})"
fi
while IFS= read -r __script <&4; do
  . "$__script" </dev/null 3>&- 4<&-
  printf '%s\\n' "$?" >&3
done
`;
};

const start = ({ program, folder, cwd, variables, user }: ShellPlan): ChildProcess =>
  spawn(program, [join(folder, 'driver.sh')], {
    cwd,
    env: { ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
    ...(user ?? {}),
  });

type Process = {
  readonly pid: number;
  /** Gives the next status; when the shell itself ends (by `exit`, `set -e`, a syntax error), that of the shell. */
  readonly status: () => Promise<number>;
  readonly ask: (script: string) => void;
  readonly isAlive: () => boolean;
};

const supervise = (child: ChildProcess, { output }: Pick<Deps, 'output'>): Promise<Process> =>
  new Promise((resolve, reject) => {
    let alive = true;
    let tell: (status: number) => void = () => undefined;
    child.stdout?.on('data', output);
    child.on('error', reject);
    child.on('spawn', () => {
      const requests = child.stdio[4] as Writable;
      requests.on('error', () => undefined); // the shell has ended: `exit` tells
      createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => tell(Number(line)));
      child.on('exit', (code) => {
        alive = false;
        tell(code ?? KILLED);
      });
      resolve({
        pid: child.pid ?? 0,
        status: () =>
          new Promise((done) => {
            tell = done;
          }),
        ask: (script) => requests.write(`${script}\n`),
        isAlive: () => alive,
      });
    });
  });

/** Throws when the shell cannot be started. */
export const openBuildShell = (plan: ShellPlan, deps: Deps): BuildShell => {
  mkdirSync(plan.folder, { recursive: true });
  if (plan.user) chownSync(plan.folder, plan.user.uid, plan.user.gid);
  writeFileSync(join(plan.folder, 'driver.sh'), driver(plan.folder));
  const started: Promise<Process>[] = [];
  let current: Process | undefined;
  let scripts = 0;
  let over = false;

  const living = async (): Promise<Process> => {
    if (current?.isAlive()) return current;
    const starting = supervise(start(plan), deps);
    started.push(starting);
    current = await starting;
    deps.children.add(current.pid, plan.mark);
    return current;
  };

  return {
    run: async (command) => {
      const shell = await living();
      if (over) return KILLED;
      scripts += 1;
      const script = join(plan.folder, `command-${scripts}.sh`);
      writeFileSync(script, `${command}\n`);
      const status = shell.status();
      shell.ask(script);
      const ended = await status;
      // What the command printed lies in the pipe by now: one look of the event loop after this turn reads it.
      await nextTurn();
      await nextTurn();
      return ended;
    },
    end: async (graceMs) => {
      over = true;
      for (const { pid } of await Promise.all(started)) {
        await endBuildProcesses(pid, plan.mark, graceMs);
        deps.children.remove(pid);
      }
    },
  };
};
