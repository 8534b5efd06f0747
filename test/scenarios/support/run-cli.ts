import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../../local/project-root';

export const root = projectRoot();
const bin = join(root, 'dist', 'cli', 'bin.js');
const cleanChildren = join(root, 'dist', 'test', 'support', 'clean-children.js');

export type CliEnd = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunningCli = {
  readonly pid: number;
  readonly ended: Promise<CliEnd>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves once what was printed so far matches; rejects when the program ends before. */
  readonly printed: (pattern: RegExp) => Promise<void>;
};

type Options = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Its coverage counts. That makes a program half as slow again: only for tests that reach what no other test does. */
  readonly isMeasured?: boolean;
};

const isOfMeasurement = (name: string): boolean => /^(?:NYC_|NODE_PRELOAD_|NODE_OPTIONS$)/.test(name);

/** Starts the compiled command line as a person would, in a process of its own. */
export const startCli = (args: readonly string[], { cwd, env = {}, isMeasured = false }: Options): RunningCli => {
  const own = Object.entries(process.env).filter(([name]) => isMeasured || !isOfMeasurement(name));
  const child = spawn(process.execPath, ['--enable-source-maps', '--require', cleanChildren, bin, ...args], {
    cwd,
    env: { ...Object.fromEntries(own), NO_COLOR: '1', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const watcher of watchers) watcher();
    });
  const ended = new Promise<CliEnd>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output.stdout + output.stderr)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then((end) =>
          reject(new Error(`it ended with ${end.code} before it printed ${pattern}\n${end.stderr}`)),
        );
      }),
  };
};

export const runCli = (args: readonly string[], options: Options): Promise<CliEnd> => startCli(args, options).ended;
