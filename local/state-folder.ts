import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
 * Claims a state folder for this process; returns what gives it back. Two processes on one state would undo each other's work:
 * the second one gets StateInUse. A claim whose process is gone counts for nothing.
 */
export const claimStateFolder = (folder: string): (() => void) => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'in-use-by');
  const mine = `${process.pid} ${processIdentity(process.pid)}`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const claim = readClaim(path);
    const [pid = ''] = claim.split(' ');
    const identity = processIdentity(Number(pid));
    if (identity !== '' && claim === `${pid} ${identity}`)
      throw new WorkerError(
        'StateInUse',
        `The state in ${folder} is in use by process ${pid}.`,
        'Wait for it to end, or work in another folder with --state FOLDER.',
      );
    rmSync(path, { force: true });
  }
  throw new WorkerError('StateInUse', `The state in ${folder} is being claimed by another process.`, 'Try again.');
};

const readClaim = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
