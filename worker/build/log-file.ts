import { closeSync, openSync, writeSync } from 'node:fs';
import type { Redactor } from '../../domain/redaction';
import { createLineReader } from './output-lines';

/** What one program printed: redacted, in lines, bounded. */
export type LogFile = {
  readonly write: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  /** Ends the file. Returns the last lines, at most `TAIL_CHARACTERS`. @throws ENOSPC and the like, also of an earlier write */
  readonly end: () => string;
};

export const TAIL_CHARACTERS = 4_000;

/** The beginning says how it started, the end says why it failed; what is between them may be any amount. */
export const LOG_HEAD_BYTES = 4 * 1024 * 1024;
export const LOG_TAIL_BYTES = 256 * 1024;

type Deps = { readonly redact: Redactor; readonly onLine: (line: string) => void };

/** Longer than any key in PEM: a line that only looks like the start of one must not hide the rest of a log. */
const LONGEST_KEY_LINES = 300;

/** Lines of a private key are no secret by their shape, only by what stands above them. */
const keyHider = () => {
  let left = 0;
  return (line: string): string => {
    const hidden = left > 0;
    left = Math.max(0, left - 1);
    if (/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/.test(line)) left = LONGEST_KEY_LINES;
    if (/-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/.test(line)) left = 0;
    return hidden || left === LONGEST_KEY_LINES ? '[redacted]' : line;
  };
};

/** The newest lines, as many as fit. */
const createTail = (limit: number) => {
  const lines: string[] = [];
  let size = 0;
  let dropped = 0;
  return {
    add: (line: string): void => {
      lines.push(line);
      size += line.length + 1;
      if (size <= limit * 2) return;
      while (size > limit && lines.length > 1) {
        size -= (lines.shift()?.length ?? 0) + 1;
        dropped += 1;
      }
    },
    get: () => ({ lines, dropped }),
  };
};

export const createLogFile = (path: string, { redact, onLine }: Deps): LogFile => {
  const file = openSync(path, 'w', 0o600);
  const recent = createTail(TAIL_CHARACTERS);
  const tail = createTail(LOG_TAIL_BYTES);
  let written = 0;
  let failure: unknown = null;

  const put = (text: string): void => {
    try {
      if (failure === null) written += writeSync(file, text);
    } catch (error) {
      failure = error; // we are called from the event of a stream, where nobody could catch it
    }
  };
  const record = (line: string): void => {
    recent.add(line);
    onLine(line);
    if (written < LOG_HEAD_BYTES) put(`${line}\n`);
    else tail.add(line);
  };
  const reader = () => {
    const hide = keyHider();
    return createLineReader((line, shown) => {
      const safe = redact(hide(line));
      record(safe.length > shown ? `${safe.slice(0, shown)} … (line cut)` : safe);
    });
  };
  const streams = { stdout: reader(), stderr: reader() };
  return {
    write: (chunk, stream) => streams[stream].write(chunk),
    end: () => {
      streams.stdout.end();
      streams.stderr.end();
      const { lines, dropped } = tail.get();
      if (dropped > 0) put(`… ${dropped} lines are left out here …\n`);
      if (lines.length > 0) put(`${lines.join('\n')}\n`);
      closeSync(file);
      if (failure !== null) throw failure;
      return recent.get().lines.join('\n').slice(-TAIL_CHARACTERS);
    },
  };
};
