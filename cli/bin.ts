// What the process `kiro-worker` adds to the command line: signals, streams, and what breaks where nobody waits for it.
import { exitCodes, WorkerError } from '../domain/errors';
import type { CliContext } from './command';
import { complain } from './complain';
import { asksForJson, main } from './main';

/** Exit codes of what broke where nobody waited for it. */
const faults: number[] = [];

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (interrupted.signal.aborted && signal === 'SIGINT') process.exit(exitCodes.interrupted); // pressed twice: now
    interrupted.abort(new WorkerError('Interrupted', 'Interrupted; what was running has been stopped.'));
  });
// A reader that went away (`| head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const context: CliContext = {
  cwd: process.cwd(),
  env: process.env,
  signal: interrupted.signal,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
};

/** So long may what is running take to end after such a fault. */
const LAST_MS = 5_000;
// A disk that fills up breaks writes for which nobody waits. The run is ended in order, if that still works.
process.on('uncaughtException', (error) => {
  if (faults.length > 0) return;
  const code = complain(error, asksForJson(process.argv), context);
  faults.push(code);
  process.exitCode = code;
  interrupted.abort(error);
  setTimeout(() => process.exit(code), LAST_MS).unref();
});

void main(process.argv.slice(2), context, (...error) => faults[0] ?? complain(...error)).then((code) => {
  process.exitCode = faults[0] ?? code;
});
