import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WorkerError } from '../domain/errors';
import { processIdentity } from './process-identity';

/** Writes a whole file or nothing: a reader, also after SIGKILL, sees the old text or the new one. */
export const writeFileAtomically = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
};

/**
 * What `parse` makes of a file of the state.
 * @throws WorkerError ValidationError that names the file when it is damaged or of another version
 */
export const readStateFile = <T>(path: string, parse: (text: string) => T): T => {
  const text = readFileSync(path, 'utf8');
  try {
    return parse(text);
  } catch (error) {
    throw new WorkerError(
      'ValidationError',
      `The local state in ${path} cannot be read: it is damaged, or of another version of this program.`,
      'Put the file back from a copy, or begin anew: kiro-worker local reset removes all local state.',
      { cause: error },
    );
  }
};

/**
 * Claims a state folder for this process; returns what gives it back. Two processes on one state would undo each other's work:
 * the second one gets StateInUse. A claim whose process is gone counts for nothing.
 */
export const claimStateFolder = (folder: string): (() => void) => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'in-use-by');
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${process.pid} ${processIdentity(process.pid)}`);
  try {
    const holder = takeClaim(path, draft);
    if (holder === null) return () => rmSync(path, { force: true });
    throw new WorkerError(
      'StateInUse',
      `The state in ${folder} is in use by process ${holder}.`,
      'Wait for it to end, or work in another folder with --state FOLDER.',
    );
  } finally {
    rmSync(draft, { force: true });
  }
};

/**
 * Makes the draft the claim at `path`; gives the process that has it, null when it is ours. A dead claim is removed only by who has claimed its removal, in the same
 * way: whoever removed it without that could take away the claim of a third process that has come in between.
 */
const takeClaim = (path: string, draft: string): string | null => {
  for (;;) {
    if (putClaim(draft, path)) return null;
    const claim = readClaim(path);
    if (claim === null) continue; // it has just been given back
    const holder = livingHolder(claim);
    if (holder !== null) return holder;
    const removal = `${path}.removal`;
    const rival = takeClaim(removal, draft);
    if (rival !== null) return rival;
    if (readClaim(path) === claim) rmSync(path);
    rmSync(removal);
  }
};

/** Makes the draft the claim unless there is one. It is whole from the first moment: nobody can take it for one of a process that died while it wrote. */
const putClaim = (draft: string, path: string): boolean => {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
};

const livingHolder = (claim: string): string | null => {
  const [pid = ''] = claim.split(' ');
  const identity = processIdentity(Number(pid));
  return identity !== '' && claim === `${pid} ${identity}` ? pid : null;
};

/** Null when there is none. */
const readClaim = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
};
