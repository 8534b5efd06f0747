import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { makeShelteredFolder, usualShelters } from '../../adapters/process/sheltered-folder';

const PREFIX = 'kiro-worker-build-';

/**
 * A new folder for one build. Nothing above it may be a project: test runners, linters and package managers look for their settings in every folder above the one they
 * work in, and the state folder usually lies in somebody's project. For the same reason a build user may write nowhere above it, which only root can see to; anybody else works in the
 * system's temporary folder.
 */
export const makeWorkFolder = (): string => {
  const sheltered = process.getuid?.() === 0 ? makeShelteredFolder(PREFIX) : null;
  if (sheltered !== null) return sheltered;
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o711); // an unprivileged build user passes through
  return folder;
};

/** Removes what a build has left that was killed. Only a folder that was made here: the path comes from a file. */
export const removeWorkFolder = (folder: string): void => {
  const isOurs = [tmpdir(), ...usualShelters].includes(dirname(folder)) && basename(folder).startsWith(PREFIX);
  if (isOurs) rmSync(folder, { recursive: true, force: true });
};
