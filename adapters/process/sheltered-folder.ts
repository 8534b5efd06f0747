import { chmodSync, mkdtempSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const OTHERS_WRITE = 0o002;
const OTHERS_PASS = 0o001;

/** Folders of root's in which something may be kept for a while; the last is always there. */
export const usualShelters = ['/var/lib', '/var', '/opt', '/'] as const;

const isSheltered = (folder: string): boolean => {
  const { mode, uid } = statSync(folder);
  if (uid !== 0 || (mode & OTHERS_WRITE) !== 0 || (mode & OTHERS_PASS) === 0) return false;
  return folder === '/' || isSheltered(dirname(folder));
};

const tryToMake = (parent: string, prefix: string): string | null => {
  try {
    const real = realpathSync(parent);
    return isSheltered(real) ? mkdtempSync(join(real, prefix)) : null;
  } catch {
    return null; // not there, or on a read-only file system
  }
};

/**
 * A new folder that an unprivileged user can pass through, and above which that user can write nowhere. Only root can make one; null when there is no place for it.
 * Programs look for their settings, npm for programs, Node for modules in every folder above the one in which they work: in the system's temporary folder
 * anybody could plant some there.
 */
export const makeShelteredFolder = (prefix: string, preferred: readonly string[] = []): string | null => {
  for (const parent of [...preferred, ...usualShelters]) {
    const folder = tryToMake(parent, prefix);
    if (folder === null) continue;
    chmodSync(folder, 0o711);
    return folder;
  }
  return null;
};
