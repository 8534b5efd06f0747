import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gitEnvironment, quietGit } from './quiet-git';

export type GitService = 'git-upload-pack' | 'git-receive-pack';

export type GitRun = {
  readonly service: GitService;
  readonly path: string;
  readonly advertise?: boolean;
  /** The client's Git-Protocol header. */
  readonly protocol?: string;
  readonly input: Readable;
  readonly output: Writable;
};

const isLost = (error: unknown): boolean =>
  ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ECONNRESET'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );

/** Whoever hangs up, git or its client, ends the exchange; that is no fault of this server. */
const tolerateLoss = async (stream: Promise<unknown>): Promise<void> => {
  try {
    await stream;
  } catch (error) {
    if (!isLost(error)) throw error;
  }
};

/** Runs one git service between two streams. Git ends when the output is closed before it is done. */
export const runGitService = async (run: GitRun, { searchPath }: { readonly searchPath: string }): Promise<void> => {
  const mode = run.advertise ? ['--stateless-rpc', '--advertise-refs'] : ['--stateless-rpc'];
  const child = spawn('git', [...quietGit, run.service.replace('git-', ''), ...mode, run.path], {
    env: { ...gitEnvironment(searchPath), ...(run.protocol ? { GIT_PROTOCOL: run.protocol } : {}) },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  run.output.on('close', () => child.kill());
  const fed = tolerateLoss(pipeline(run.input, child.stdin));
  await Promise.all([fed, tolerateLoss(pipeline(child.stdout, run.output)), ended]);
};
