import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inProject } from './project.mjs';

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Removes what killed builds have left. */
const sweep = (place, name) => {
  if (!existsSync(place)) return;
  for (const entry of readdirSync(place)) {
    const pid = entry.startsWith(`.${name}-`) ? Number(entry.slice(name.length + 2)) : 0;
    if (pid > 0 && !isAlive(pid)) rmSync(join(place, entry), { recursive: true, force: true });
  }
};

/** Calls `work` with an empty folder of its own beside `target`, and removes it afterwards. */
export const inWorkshop = async (target, work) => {
  const place = dirname(inProject(target));
  const name = target.split('/').at(-1);
  sweep(place, name);
  const folder = join(place, `.${name}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
