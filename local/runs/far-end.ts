import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { BoardSettings } from '../../domain/board-settings';
import type { GitHubAddress } from '../../domain/github-address';
import { type BoardView, standInView } from '../board/board-view';
import type { GitHubSeed } from '../github/seed';
import { type GitHubStandIn, startGitHub } from '../github/stand-in';
import type { RunSettings } from './run-settings';

/** A GitHub that is not ours: where it is, what lets the worker in, and what a report may see of it. */
export type RemoteGitHub = GitHubAddress & {
  /** The text of the two secrets: a token, or a GitHub App. */
  readonly credential: string;
  readonly view: BoardView;
};

/** What the pipeline takes for GitHub. */
export type FarEnd = RemoteGitHub & {
  /** Null when it is really GitHub, or GitHub's stand-in in another process. */
  readonly standIn: GitHubStandIn | null;
  readonly close: () => Promise<void>;
};

/** The board that a run begins with; a board on GitHub is there already. */
export type BoardOfRun = { readonly seed: GitHubSeed | null; readonly settings: BoardSettings };

/** Tokens of the stand-in live as long as this process and are in no file. */
const newToken = (): string => `local-${randomBytes(24).toString('base64url')}`;

/** The login under which the worker writes. */
const WORKER_LOGIN = 'kiro-worker';

/** What the seed has planted once stays as it is; where the repository lies, and which branch is its base, may change. */
const pointAtRepository = ({ model }: GitHubStandIn, { repository }: RunSettings): void => {
  const record = model.all('Repository').find(({ nameWithOwner }) => nameWithOwner === repository?.nameWithOwner);
  if (!record || !repository) return;
  model.put({ ...record, path: repository.path, defaultBranch: repository.defaultBranch });
  model.save();
};

type Options = {
  readonly stateFolder: string;
  readonly searchPath: string;
  readonly settings: RunSettings;
  readonly board: BoardOfRun | undefined;
};

/** Starts the stand-in on the state of this folder. Whoever opens it closes it. */
export const openStandIn = async ({ stateFolder, searchPath, settings, board }: Options): Promise<FarEnd> => {
  const credential = newToken();
  const standIn = await startGitHub({
    stateFolder: join(stateFolder, 'github'),
    tokens: [{ token: credential, login: WORKER_LOGIN, canWrite: true }],
    searchPath,
  });
  try {
    if (board?.seed) {
      await standIn.seed(board.seed);
      pointAtRepository(standIn, settings);
    }
  } catch (error) {
    await standIn.close();
    throw error;
  }
  const { apiUrl, serverUrl } = standIn;
  const view = standInView(stateFolder, standIn.model);
  // Whoever changed a pull request without a report of it (a redrive) leaves its text as it is now.
  const close = async (): Promise<void> => {
    try {
      await view.pullRequests();
    } finally {
      await standIn.close();
    }
  };
  return { apiUrl, serverUrl, credential, standIn, view, close };
};

export const remoteFarEnd = (remote: RemoteGitHub): FarEnd => ({
  ...remote,
  standIn: null,
  close: async () => undefined,
});
