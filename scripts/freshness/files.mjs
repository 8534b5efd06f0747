import { createHash, hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { inProject } from './project.mjs';

const insideFolder = (folder, wanted) =>
  readdirSync(inProject(folder), { withFileTypes: true }).flatMap((entry) => {
    const inside = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return insideFolder(inside, wanted);
    return wanted(inside) ? [inside] : [];
  });

/** Paths (relative to the project) of every file below `place`, or `place` itself; nothing when it is not there. */
export const filesBelow = (place, wanted = () => true) => {
  const stats = statSync(inProject(place), { throwIfNoEntry: false });
  if (!stats) return [];
  return stats.isDirectory() ? insideFolder(place, wanted) : [place];
};

const read = (file) => {
  try {
    return readFileSync(inProject(file));
  } catch (error) {
    if (error.code === 'ENOENT') return 'absent';
    throw error;
  }
};

const known = new Map();
const digestOfFile = (file) => {
  const digest = known.get(file) ?? hash('sha256', read(file));
  known.set(file, digest);
  return digest;
};

/** One digest of names and contents. What was read is remembered: call `forgetFiles` after writing. */
export const digestOf = (files) => {
  const all = createHash('sha256');
  for (const file of [...files].sort()) all.update(`${file}\0${digestOfFile(file)}\n`);
  return all.digest('hex');
};

export const forgetFiles = () => known.clear();

/** Size and time of last change: enough to notice that somebody has touched or removed an output. */
export const identityOf = (file) => {
  const stats = statSync(inProject(file), { throwIfNoEntry: false });
  return stats ? `${stats.size}:${stats.mtimeMs}` : 'absent';
};
