import { type ChildProcess, spawn } from 'node:child_process';
import { withoutInherited } from './close-inherited';
import { readProcessTree, signalProcesses } from './process-tree';

export type Program = {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd: string;
  /** The whole environment of the program: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Drop to this user before the program starts (only root can). */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly timeoutSeconds?: number;
  /** End the program when it has printed nothing for so long. */
  readonly stallSeconds?: number;
  /** Between the polite and the final signal. Default 2. */
  readonly graceSeconds?: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  /** Bytes of each stream that are kept, the newest; default 1 MiB. */
  readonly keepBytes?: number;
};

export type ProgramEnd = {
  /** `not-started`: the command does not exist or may not be executed; `reason` says which. */
  readonly ending: 'exited' | 'timed-out' | 'stalled' | 'aborted' | 'not-started';
  /** Null unless the program ended by itself. */
  readonly exitCode: number | null;
  readonly endSignal: NodeJS.Signals | null;
  readonly reason: string;
  readonly stdout: string;
  readonly stderr: string;
  /** True when more was printed than `keepBytes`. */
  readonly truncated: boolean;
  readonly seconds: number;
};

const DEFAULT_KEEP_BYTES = 1024 * 1024;

/** Keeps the newest `limit` bytes of a stream without ever holding more than twice that. */
class Tail {
  private chunks: Buffer[] = [];
  private size = 0;
  truncated = false;

  constructor(private readonly limit: number) {}

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size > this.limit * 2) this.compact();
  }

  text(): string {
    this.compact();
    return Buffer.concat(this.chunks).toString('utf8');
  }

  private compact(): void {
    const whole = Buffer.concat(this.chunks);
    if (whole.length > this.limit) this.truncated = true;
    const kept = whole.subarray(Math.max(0, whole.length - this.limit));
    this.chunks = [Buffer.from(kept)];
    this.size = kept.length;
  }
}

/**
 * Runs one program to its end and never throws for what the program does.
 *
 * The program leads a process group of its own. When it ends, for whatever reason, everything that it started and that is
 * still alive is ended too, so that a leaked grandchild can neither hold our pipes open nor go on working unseen.
 */
export const runProgram = async (program: Program): Promise<ProgramEnd> => {
  const started = process.hrtime.bigint();
  const stdout = new Tail(program.keepBytes ?? DEFAULT_KEEP_BYTES);
  const stderr = new Tail(program.keepBytes ?? DEFAULT_KEEP_BYTES);
  const end = await superviseProgram(program, stdout, stderr);
  return {
    ...end,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
  };
};

type Supervised = Pick<ProgramEnd, 'ending' | 'exitCode' | 'endSignal' | 'reason'>;

const start = (program: Program): ChildProcess =>
  withoutInherited((stdio) =>
    spawn(program.command, [...(program.args ?? [])], {
      cwd: program.cwd,
      env: { ...program.env },
      stdio,
      detached: true,
      ...(program.user ?? {}),
    }),
  );

const superviseProgram = (program: Program, stdout: Tail, stderr: Tail): Promise<Supervised> =>
  new Promise((resolve) => {
    if (program.signal?.aborted) {
      resolve({ ending: 'aborted', exitCode: null, endSignal: null, reason: 'ended before it started' });
      return;
    }
    const notStarted = (error: Error) =>
      resolve({ ending: 'not-started', exitCode: null, endSignal: null, reason: error.message });
    let child: ChildProcess;
    try {
      child = start(program);
    } catch (error) {
      notStarted(error as Error); // a user that we may not become, a NUL in an argument
      return;
    }
    let ending: ProgramEnd['ending'] = 'exited';
    const timers = new Set<NodeJS.Timeout>();

    const endTree = (why: ProgramEnd['ending']): void => {
      if (ending !== 'exited') return;
      ending = why;
      const tree = treeOf(child);
      signalProcesses(tree, 'SIGTERM');
      const finalBlow = () => signalProcesses([...new Set([...tree, ...treeOf(child)])], 'SIGKILL');
      timers.add(setTimeout(finalBlow, (program.graceSeconds ?? 2) * 1000));
    };
    const onAbort = () => endTree('aborted');
    program.signal?.addEventListener('abort', onAbort, { once: true });
    if (program.timeoutSeconds) timers.add(setTimeout(() => endTree('timed-out'), program.timeoutSeconds * 1000));
    const stall = program.stallSeconds ? setTimeout(() => endTree('stalled'), program.stallSeconds * 1000) : undefined;
    if (stall) timers.add(stall);

    for (const [name, tail] of [['stdout', stdout] as const, ['stderr', stderr] as const]) {
      child[name]?.on('data', (chunk: Buffer) => {
        stall?.refresh();
        tail.add(chunk);
        program.onOutput?.(chunk, name);
      });
    }
    child.stdin?.on('error', () => undefined); // a program that does not read its input is free to
    child.stdin?.end(program.stdin ?? '');

    const settle = (result: Supervised) => {
      for (const timer of timers) clearTimeout(timer);
      program.signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    child.on('error', (error) => {
      if (child.pid === undefined) {
        for (const timer of timers) clearTimeout(timer);
        program.signal?.removeEventListener('abort', onAbort);
        notStarted(error);
      }
    });
    // The leader has ended: end what it left behind in its group, else `close` waits for whoever holds the pipes.
    child.on('exit', () => {
      endGroup(child);
      const letGo = () => {
        child.stdout?.destroy(); // somebody who left the group still holds it
        child.stderr?.destroy();
      };
      timers.add(setTimeout(letGo, (program.graceSeconds ?? 2) * 1000));
    });
    child.on('close', (code, endSignal) =>
      settle({ ending, exitCode: ending === 'exited' ? code : null, endSignal, reason: '' }),
    );
  });

const treeOf = (child: ChildProcess): readonly number[] => (child.pid === undefined ? [] : readProcessTree(child.pid));

const endGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
};
