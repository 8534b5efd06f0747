import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes, WorkerError } from '../../domain/errors';
import { claimStateFolder } from '../../local/state-folder';
import type { Command } from '../command';
import { faultsFolders, stateRoot } from '../state-folder';

/** Only what this program wrote is removed: `--state /home/me` must not empty a home. */
const ours = new Set<string>(['sample', 'runs', ...faultsFolders]);

/** The folders in which a run may be going on. */
const statesIn = (root: string): readonly string[] => {
  const runs = join(root, 'runs');
  const folders = existsSync(runs) ? readdirSync(runs).map((name) => join(runs, name)) : [];
  return [...ours]
    .filter((name) => name !== 'runs')
    .map((name) => join(root, name))
    .concat(folders)
    .filter((folder) => existsSync(folder));
};

export const localReset: Command = {
  name: 'local reset',
  summary: 'Removes all local state: boards, executions, dead letters, pull requests',
  usage: 'local reset [--state FOLDER] [--json]',
  options: { state: 'FOLDER of the local state; default .kiro-worker' },
  positionals: [],
  jsonTakesFile: false,
  run: async (input, context) => {
    const root = stateRoot(input, context);
    const existed = existsSync(root);
    const strangers = existed ? readdirSync(root).filter((name) => !ours.has(name)) : [];
    if (strangers.length > 0)
      throw new WorkerError(
        'ValidationError',
        `${root} holds ${strangers.slice(0, 3).join(', ')}, which is not local state of this program.`,
        'Name the right folder with --state, or remove it yourself.',
      );
    const claims = statesIn(root).map(claimStateFolder);
    rmSync(root, { recursive: true, force: true });
    for (const giveBack of claims) giveBack();
    if (input.json) context.print(JSON.stringify({ folder: root, removed: existed }));
    else context.print(existed ? `Removed ${root}.` : `There is no local state in ${root}.`);
    return exitCodes.success;
  },
};
