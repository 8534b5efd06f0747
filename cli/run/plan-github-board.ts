import { resolve } from 'node:path';
import { inspectBoard } from '../../adapters/github/find-board';
import { newRunSettings } from '../../local/runs/run-settings';
import type { CliContext, CommandInput } from '../command';
import { openGitHub } from '../github/open-github';
import type { BoardAddress } from '../github/parse-board-address';
import { readCredential } from '../github/read-credential';
import { parseRepositoryNames, readSettingsFile, remoteSettings } from '../github/remote-settings';
import { remoteView } from '../github/remote-view';
import { repositoryState, stateRoot } from '../state-folder';
import { checkMayPublish } from './check-publish';
import { optionOf } from './options';
import { type Asked, agentSettings, type RunPlan } from './run-plan';
import { writePreviews } from './write-previews';

/**
 * A board on GitHub, whose repositories are there, too. The pipeline and the builds run on this machine; without --publish nothing is written to GitHub.
 * Whatever is wrong with token, board or names is found here, before anything starts.
 */
export const planGitHubBoard = async (
  address: BoardAddress,
  { agent, passedVariables, steering }: Asked,
  input: CommandInput,
  context: CliContext,
): Promise<RunPlan> => {
  const repositories = parseRepositoryNames(optionOf(input, 'repo') ?? '');
  const settingsFile = optionOf(input, 'settings');
  const file = readSettingsFile(settingsFile === undefined ? null : resolve(context.cwd, settingsFile));
  const credential = readCredential(input, context);
  const github = openGitHub(credential, address.owner, context);
  const settings = await remoteSettings(address, repositories, file, github.run);
  const dryRun = input.options.publish !== true;
  const { problems, viewerCanUpdate } = await inspectBoard(settings, github.run);
  if (problems[0]) throw problems[0];
  if (!dryRun) await checkMayPublish(settings, { viewerCanUpdate }, github);
  const { apiUrl, serverUrl } = github.address;
  const shown = `${serverUrl}, board ${address.owner}/${address.number}`;
  return {
    stateFolder: repositoryState(stateRoot(input, context), `${serverUrl}/${address.owner}/board-${address.number}`),
    remote: { apiUrl, serverUrl, credential: credential.text.trim(), view: remoteView(settings, github.run) },
    prepare: async () => ({
      settings: newRunSettings({
        source: shown,
        repository: null,
        github: { apiUrl, serverUrl },
        dryRun,
        ...agentSettings(agent),
        passedVariables,
        steering,
      }),
      budget: 'usual',
      board: { seed: null, settings },
    }),
    whereabouts: (report, worker) => [
      ...(dryRun
        ? ['A dry run: nothing was written to GitHub. With --publish the results are pushed and become pull requests.']
        : []),
      ...(dryRun ? writePreviews(report, worker).map((path) => `The pull request as it would be: ${path}`) : []),
      ...report.items.flatMap(({ pullRequest }) => (pullRequest ? [`Pull request: ${pullRequest.url}`] : [])),
    ],
  };
};
