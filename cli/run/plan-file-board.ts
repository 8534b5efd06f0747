import { join, resolve } from 'node:path';
import { readBoardFile } from '../../local/board/board-file';
import { seedOfBoard, settingsOfBoard } from '../../local/board/board-of-file';
import { openRepository } from '../../local/repository/open-repository';
import { parseRepositorySource, type RepositorySource } from '../../local/repository/parse-source';
import type { CliContext, CommandInput } from '../command';
import { repositoryState, stateRoot } from '../state-folder';
import { optionOf, requiredOption } from './options';
import type { Asked, RunPlan } from './run-plan';

const whereaboutsOf = (source: RepositorySource, path: string, stateFolder: string): readonly string[] => [
  `Pull requests and their verdicts: ${join(stateFolder, 'pull-requests')}`,
  source.kind === 'address'
    ? `Finished work: git fetch '${path}' BRANCH (nothing was pushed to ${source.shown})`
    : 'Finished work: on the feature branches of your repository, one commit per task.',
];

/** A board file and one repository of this machine, or a clone of one. */
export const planFileBoard = async (
  { agentCommand, passedVariables }: Asked,
  usage: string,
  input: CommandInput,
  context: CliContext,
): Promise<RunPlan> => {
  const repo = requiredOption(input, 'repo', usage);
  const file = readBoardFile(resolve(context.cwd, requiredOption(input, 'board', usage)));
  const source = parseRepositorySource(repo, context.cwd);
  const stateFolder = repositoryState(stateRoot(input, context), source.kind === 'folder' ? source.path : source.url);
  const repository = await openRepository(
    {
      source,
      stateFolder,
      base: optionOf(input, 'base'),
      branches: file.items.flatMap(({ branch }) => branch ?? []),
    },
    { env: context.env, signal: context.signal },
  );
  return {
    stateFolder,
    run: {
      settings: {
        version: 1,
        source: source.shown,
        repository,
        github: null,
        dryRun: false,
        agentCommand,
        passedVariables,
        programFolders: [],
        maxConcurrentItems: 1,
      },
      board: { seed: seedOfBoard(file, repository), settings: settingsOfBoard(file, repository) },
    },
    whereabouts: whereaboutsOf(source, repository.path, stateFolder),
  };
};
