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
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (putClaim(draft, path)) return () => rmSync(path, { force: true });
      const claim = readClaim(path);
      const [pid = ''] = claim.split(' ');
      const identity = processIdentity(Number(pid));
      if (identity !== '' && claim === `${pid} ${identity}`)
        throw new WorkerError(
          'StateInUse',
          `The state in ${folder} is in use by process ${pid}.`,
          'Wait for it to end, or work in another folder with --state FOLDER.',
        );
      removeDeadClaim(claim, path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new WorkerError('StateInUse', `The state in ${folder} is being claimed by another process.`, 'Try again.');
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

/** Somebody else may have taken over since the claim was read: then it is theirs that has been taken away, and it goes back. */
const removeDeadClaim = (dead: string, path: string): void => {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch {
    return; // somebody else was faster
  }
  if (readClaim(aside) !== dead) putClaim(aside, path);
  rmSync(aside, { force: true });
};

const readClaim = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
