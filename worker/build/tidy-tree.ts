import { chmodSync, type Dirent, lstatSync, readdirSync, rmSync } from 'node:fs';

/** Paths as bytes in latin1, because the names of files need not be UTF-8. */
const bytes = (path: string): Buffer => Buffer.from(path, 'latin1');
const readable = (path: string): string => JSON.stringify(bytes(path).toString('utf8').slice(-200));

const READ_WRITE_ENTER = 0o700;
const READ = 0o400;

/** PATH_MAX of Linux without its NUL: what lies deeper can be reached by going there step by step, and git does not. */
const LONGEST_PATH = 4095;

const openUp = (path: string, isFolder: boolean): void => {
  const { mode } = lstatSync(bytes(path));
  const needed = isFolder ? READ_WRITE_ENTER : READ;
  if ((mode & needed) !== needed) chmodSync(bytes(path), (mode & 0o777) | needed);
};

const remove = (path: string): void => rmSync(bytes(path), { recursive: true, force: true });

/** What to do with one entry: `enter` it, or say that it was removed and why. */
const tidyEntry = (entry: Dirent, path: string, isTop: boolean, uid: number | null): 'enter' | string | null => {
  if (entry.name === '.git') {
    if (isTop) return null; // the agent's disposable one
    remove(path);
    return `removed ${readable(path)}: a repository in the repository`;
  }
  if (entry.isSymbolicLink() || (entry.isDirectory() && entry.name === 'node_modules')) return null;
  if (entry.isDirectory()) {
    openUp(path, true);
    return 'enter';
  }
  if (!entry.isFile()) {
    remove(path);
    return `removed ${readable(path)}: neither a file nor a folder`;
  }
  // A hard link to a file of somebody else, whose content we could read and the build user could not.
  if (uid !== null && lstatSync(bytes(path)).uid !== uid) {
    remove(path);
    return `removed ${readable(path)}: it belongs to another user`;
  }
  openUp(path, false);
  return null;
};

/**
 * Takes out of the tree what would stop git or lead it astray: pipes, sockets, devices, nested repositories, files of other users (`uid`: the build user's; null: do not
 * look), and makes readable what is closed. Nothing may run in the tree meanwhile. Returns what was removed, for the log.
 */
export const tidyTree = (root: string, uid: number | null): readonly string[] => {
  const removed: string[] = [];
  const walk = (folder: string, isTop: boolean): void => {
    for (const entry of readdirSync(bytes(folder), { withFileTypes: true, encoding: 'latin1' })) {
      const path = `${folder}/${entry.name}`;
      if (path.length > LONGEST_PATH) continue;
      const what = tidyEntry(entry, path, isTop, uid);
      if (what === 'enter') walk(path, false);
      else if (what !== null) removed.push(what);
    }
  };
  const start = Buffer.from(root, 'utf8').toString('latin1');
  openUp(start, true);
  walk(start, true);
  return removed;
};
