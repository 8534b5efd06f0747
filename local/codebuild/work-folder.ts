import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const PREFIX = 'kiro-worker-build-';

/**
 * A new folder for one build, in the system's temporary folder: nothing above it may be a project. Test runners, linters and package managers look
 * for their settings in every folder above the one they work in, and the state folder usually lies in somebody's project.
 */
export const makeWorkFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o711); // an unprivileged build user passes through
  return folder;
};

/** Removes what a build has left that was killed. Only a folder that was made here: the path comes from a file. */
export const removeWorkFolder = (folder: string): void => {
  if (dirname(folder) === tmpdir() && basename(folder).startsWith(PREFIX))
    rmSync(folder, { recursive: true, force: true });
};
