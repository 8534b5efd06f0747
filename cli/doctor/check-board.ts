import { inspectBoard } from '../../adapters/github/find-board';
import type { BoardSettings } from '../../domain/board-settings';
import type { GitHubAccess } from '../github/open-github';
import { type Finding, findingsOf } from './finding';

/** Whether the board is there, may be written, and calls its fields and options as the settings say. */
export const checkBoard = async (
  settings: BoardSettings,
  { run, credential }: GitHubAccess,
): Promise<readonly Finding[]> => {
  const { good, problem, failed } = findingsOf('board', `${settings.owner}/${settings.number}`);
  try {
    const { viewerCanUpdate, problems } = await inspectBoard(settings, run);
    const names = [...Object.values(settings.fields), ...Object.values(settings.options)];
    // For a GitHub App its permissions count, which are looked at with the token.
    const write =
      viewerCanUpdate || credential.kind === 'app'
        ? good('board-write', 'Its items may be moved.')
        : problem(
            'board-write',
            'It may be read, but items may not be moved.',
            'Give the account the role Write on the board.',
          );
    return [
      good('board-access', 'The board can be read.'),
      write,
      ...(problems.length === 0 ? [good('board-names', `It has all that is used: ${names.join(', ')}.`)] : []),
      ...problems.map(({ message, remedy }) => problem('board-names', message, remedy)),
    ];
  } catch (error) {
    return [failed('board-access', error)];
  }
};
