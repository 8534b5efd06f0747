import { setTimeout as sleep } from 'node:timers/promises';
import { type StoredSecret, ssmBoardSettings, storedSecret } from '../../adapters/aws/stored-settings';
import { createAccessTokens } from '../../adapters/github/access-tokens';
import { type BoardStatusPort, githubBoardStatus } from '../../adapters/github/board-status';
import { createGraphqlClient, type RunDocument } from '../../adapters/github/graphql-client';
import type { BoardSettings } from '../../domain/board-settings';
import type { TaskEnvironment } from './env';

const pause = (milliseconds: number): Promise<void> => sleep(milliseconds);
const now = () => new Date();

/**
 * GitHub and the board. The token is the secret's, or what the GitHub App gets for the account that the board belongs to. `requests` counts what GitHub has
 * been asked so far.
 */
export const githubPorts = (
  env: TaskEnvironment,
): {
  readonly run: RunDocument;
  readonly requests: () => number;
  /** For what has no document: REST. */
  readonly token: () => Promise<string>;
  readonly settings: () => Promise<BoardSettings>;
  readonly board: BoardStatusPort;
  readonly secret: Pick<StoredSecret, 'known' | 'forget'>;
} => {
  const { GITHUB_API_URL: apiUrl, GITHUB_WRITE_SPACING_MILLISECONDS: writeSpacingMilliseconds } = env;
  const secret = storedSecret({ secretId: env.GITHUB_TOKEN_SECRET });
  const tokens = createAccessTokens(
    { apiUrl, where: `The secret ${env.GITHUB_TOKEN_SECRET}` },
    { read: secret.read, now },
  );
  const settings = ssmBoardSettings({ parameter: env.BOARD_SETTINGS_PARAMETER });
  const token = async () => tokens.of({ owner: (await settings()).owner });
  const { run, requests } = createGraphqlClient({ apiUrl, writeSpacingMilliseconds }, { token, now, pause });
  const forget = () => {
    secret.forget();
    tokens.forget();
  };
  const known = () => [...secret.known(), ...tokens.known()];
  return {
    run,
    requests,
    token,
    settings,
    board: githubBoardStatus({ settings, run, pause }),
    secret: { known, forget },
  };
};
