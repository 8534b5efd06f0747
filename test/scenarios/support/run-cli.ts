import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { main } from '../../../cli/main';
import { projectRoot } from '../../../local/project-root';

export const root = projectRoot();
const bin = join(root, 'dist', 'cli', 'bin.js');

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
};

const isOfMeasurement = (name: string): boolean => /^(?:NYC_|NODE_PRELOAD_|NODE_OPTIONS$)/.test(name);

/** What a person would have in the environment: the measurement of the tests is none of it. */
const environmentOf = (env: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfMeasurement(name))),
  NO_COLOR: '1',
  NODE_NO_WARNINGS: '1',
  ...env,
});

/** Starts the compiled command line as a person would, in a process of its own, which can be killed and has signals, streams and credentials of its own. It is not measured. */
export const startCli = (args: readonly string[], { cwd, env = {} }: Options): RunningCli => {
  const child = spawn(process.execPath, ['--enable-source-maps', bin, ...args], {
    cwd,
    env: environmentOf(env),
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

/** The same without its process: a second faster, and measured. All that it knows of the world is given to it. */
export const runCli = async (args: readonly string[], { cwd, env = {} }: Options): Promise<CliEnd> => {
  const output = { stdout: '', stderr: '' };
  const code = await main(args, {
    cwd,
    env: environmentOf(env),
    signal: new AbortController().signal,
    print: (line) => {
      output.stdout += `${line}\n`;
    },
    printError: (line) => {
      output.stderr += `${line}\n`;
    },
    colors: false,
  });
  return { code, signal: null, ...output };
};
