import { closeSync, openSync, writeSync } from 'node:fs';
import type { Redactor } from '../../domain/redaction';
import { hidePrivateKeys } from './hide-private-keys';
import { createLineReader } from './output-lines';

/** What one program printed: redacted, in lines, bounded. */
export type LogFile = {
  readonly write: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  /** Ends the file. Returns its last characters, at most TAIL_CHARACTERS. @throws ENOSPC and the like, also of an earlier write */
  readonly end: () => string;
};

export const TAIL_CHARACTERS = 4_000;

/** The beginning says how it started, the end says why it failed; what is between them may be any amount. */
export const LOG_HEAD_CHARACTERS = 4 * 1024 * 1024;
export const LOG_TAIL_CHARACTERS = 256 * 1024;

type Deps = { readonly redact: Redactor; readonly onLines: (lines: readonly string[]) => void };

const countLines = (text: string): number => text.split('\n').length - 1;

/** The newest whole lines of a text, as many as fit, and how many were dropped. */
const createTail = (limit: number) => {
  let text = '';
  let dropped = 0;
  const cut = (): void => {
    if (text.length <= limit) return;
    const from = text.indexOf('\n', text.length - limit) + 1;
    dropped += countLines(text.slice(0, from));
    text = text.slice(from);
  };
  return {
    add: (more: string): void => {
      text += more;
      if (text.length > limit * 4) cut();
    },
    get: () => {
      cut();
      return { text, dropped };
    },
  };
};

export const createLogFile = (path: string, { redact, onLines }: Deps): LogFile => {
  const file = openSync(path, 'w', 0o600);
  const recent = createTail(TAIL_CHARACTERS);
  const tail = createTail(LOG_TAIL_CHARACTERS);
  let written = 0;
  let failure: unknown = null;

  const put = (text: string): void => {
    written += text.length;
    try {
      if (failure === null) writeSync(file, text);
    } catch (error) {
      failure = error; // we are called from the event of a stream, where nobody could catch it
    }
  };
  const record = (text: string): void => {
    onLines(text.split('\n'));
    recent.add(`${text}\n`);
    if (written < LOG_HEAD_CHARACTERS) put(`${text}\n`);
    else tail.add(`${text}\n`);
  };
  const reader = () => {
    const hide = hidePrivateKeys();
    return createLineReader(({ text, shown }) => {
      const safe = redact(hide(text));
      record(safe.length > shown ? `${safe.slice(0, shown)} … (line cut)` : safe);
    });
  };
  const streams = { stdout: reader(), stderr: reader() };
  return {
    write: (chunk, stream) => streams[stream].write(chunk),
    end: () => {
      streams.stdout.end();
      streams.stderr.end();
      const { text, dropped } = tail.get();
      if (dropped > 0) put(`… ${dropped} lines are left out here …\n`);
      if (text !== '') put(text);
      closeSync(file);
      if (failure !== null) throw failure;
      return recent.get().text.trimEnd().slice(-TAIL_CHARACTERS);
    },
  };
};
