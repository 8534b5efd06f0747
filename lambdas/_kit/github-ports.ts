import { setTimeout as sleep } from 'node:timers/promises';
import { type StoredSecret, ssmBoardSettings, storedSecret } from '../../adapters/aws/stored-settings';
import { type BoardStatusPort, githubBoardStatus } from '../../adapters/github/board-status';
import { createGraphqlClient, type RunDocument } from '../../adapters/github/graphql-client';
import type { BoardSettings } from '../../domain/board-settings';
import type { TaskEnvironment } from './env';

/** GitHub with its token, and the board. `requests` counts what it has been asked so far. */
export const githubPorts = (
  env: TaskEnvironment,
): {
  readonly run: RunDocument;
  readonly requests: () => number;
  readonly settings: () => Promise<BoardSettings>;
  readonly board: BoardStatusPort;
  readonly secret: StoredSecret;
} => {
  const secret = storedSecret({ secretId: env.GITHUB_TOKEN_SECRET });
  const client = { token: secret.read, now: () => new Date() };
  const { run, requests } = createGraphqlClient({ apiUrl: env.GITHUB_API_URL }, client);
  const settings = ssmBoardSettings({ parameter: env.BOARD_SETTINGS_PARAMETER });
  const board = githubBoardStatus({ settings, run, pause: (milliseconds) => sleep(milliseconds) });
  return { run, requests, settings, board, secret };
};
