import { join, resolve } from 'node:path';
import { readBoardFile } from '../../local/board/board-file';
import { seedOfBoard, settingsOfBoard } from '../../local/board/board-of-file';
import { openRepository } from '../../local/repository/open-repository';
import { parseRepositorySource, type RepositorySource } from '../../local/repository/parse-source';
import { newRunSettings } from '../../local/runs/run-settings';
import type { CliContext, CommandInput } from '../command';
import { repositoryState, stateRoot } from '../state-folder';
import { optionOf, requiredOption } from './options';
import { type Asked, agentSettings, type RunPlan } from './run-plan';

const finishedWork = (source: RepositorySource, clone: string | undefined): string =>
  source.kind === 'address'
    ? `Finished work: git fetch '${clone}' BRANCH (nothing was pushed to ${source.shown})`
    : 'Finished work: on the feature branches of your repository, one commit per task.';

/** A board file and one repository of this machine, or a clone of one. @throws ValidationError, BoardFileInvalid before anything is started */
export const planFileBoard = (
  { agent, passedVariables, steering }: Asked,
  usage: string,
  input: CommandInput,
  context: CliContext,
): RunPlan => {
  const repo = requiredOption(input, 'repo', usage);
  const file = readBoardFile(resolve(context.cwd, requiredOption(input, 'board', usage)));
  const source = parseRepositorySource(repo, context.cwd);
  const stateFolder = repositoryState(stateRoot(input, context), source.kind === 'folder' ? source.path : source.url);
  const prepare: RunPlan['prepare'] = async () => {
    const branches = file.items.flatMap(({ branch }) => branch ?? []);
    const place = { source, stateFolder, base: optionOf(input, 'base'), branches };
    const repository = await openRepository(place, { env: context.env, signal: context.signal });
    return {
      settings: newRunSettings({
        source: source.shown,
        repository,
        ...agentSettings(agent),
        passedVariables,
        steering,
      }),
      // Nobody knows what a command costs; whoever wrote the board and the command sees it work.
      budget: agent.command.trim() === 'kiro-cli' ? 'usual' : 'unlimited',
      board: { seed: seedOfBoard(file, repository), settings: settingsOfBoard(file, repository) },
    };
  };
  return {
    stateFolder,
    prepare,
    whereabouts: ({ items }, { settings: { repository } }) => [
      ...(items.some(({ pullRequest }) => pullRequest)
        ? [`Pull requests and their verdicts: ${join(stateFolder, 'pull-requests')}`]
        : []),
      ...(items.some(({ commits }) => commits.length > 0) ? [finishedWork(source, repository?.path)] : []),
    ],
  };
};
