import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_MILLISECONDS = 200;

const bytesIn = (folder: string): number => {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files.reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    return 0; // git renames and removes its own files meanwhile
  }
};

export type FolderLimit = {
  /** Aborts once the folder has more than it may. */
  readonly signal: AbortSignal;
  readonly stop: () => void;
};

/** Watches what a program writes that has no limit of its own, as `git fetch` has none. */
export const limitFolder = (folder: string, mostBytes: number): FolderLimit => {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (bytesIn(folder) > mostBytes) controller.abort();
  }, LOOK_MILLISECONDS);
  timer.unref();
  return { signal: controller.signal, stop: () => clearInterval(timer) };
};
