import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBoardFile } from '../board/board-file';
import { seedOfBoard, settingsOfBoard } from '../board/board-of-file';
import { projectRoot } from '../project-root';
import type { LocalRun } from '../run';
import { newRunSettings } from '../runs/run-settings';
import { prepareSampleRepository, type SampleRepository } from './prepare-repository';
import { branchWithoutSpec, mendedItem, sampleSpecs } from './sample-items';

const faultsIn = (stateFolder: string): string => join(stateFolder, 'faults');
const faultIn = (stateFolder: string): string => join(faultsIn(stateFolder), mendedItem.spec);

/** Takes away what kills the agent of the mended item. */
export const mendSample = (stateFolder: string): void => rmSync(faultIn(stateFolder), { force: true });

const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** One slot is for the worker that holds an item all the time, the other one for everything else. */
const SLOTS = 2;

const shopOf = (folder: string): SampleRepository => ({
  name: 'shop',
  writeBase: (workTree) => cpSync(join(folder, 'repository'), workTree, { recursive: true }),
  branches: [
    ...sampleSpecs.map((spec) => ({
      name: `feature/${spec}`,
      title: `Spec: ${spec}`,
      write: (workTree: string) =>
        cpSync(join(folder, 'work', spec, 'spec'), join(workTree, '.kiro', 'specs', spec), { recursive: true }),
    })),
    { name: `feature/${branchWithoutSpec}`, title: '', write: null },
  ],
});

/** Sets up the sample in `stateFolder`; what an earlier start has left there goes on from where it stood. */
export const openSample = async (stateFolder: string, searchPath: string): Promise<LocalRun> => {
  const root = projectRoot();
  const folder = join(root, 'local', 'sample');
  const repository = {
    nameWithOwner: 'sample/shop',
    path: await prepareSampleRepository(stateFolder, shopOf(folder), searchPath),
    defaultBranch: 'main',
  };
  const faults = faultsIn(stateFolder);
  if (!existsSync(faults)) {
    mkdirSync(faults, { recursive: true });
    writeFileSync(
      faultIn(stateFolder),
      'While this file is here, the agent of this spec is killed in the middle of its work.\n',
    );
  }
  const file = readBoardFile(join(folder, 'board.json'));
  const agent = [process.execPath, join(folder, 'agent.mjs'), join(folder, 'work'), faults];
  return {
    settings: newRunSettings({
      source: repository.path,
      repository,
      agentCommand: agent.map(shellWord).join(' '),
      programFolders: [join(root, 'node_modules', '.bin')], // nyc and mocha, which the sample's tests use
      maxConcurrentItems: SLOTS,
    }),
    budget: 'unlimited',
    board: { seed: seedOfBoard(file, repository), settings: settingsOfBoard(file, repository) },
  };
};
