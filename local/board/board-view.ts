import { join } from 'node:path';
import type { Model } from '../github/model';
import { type BoardItem, type OpenPullRequest, readBoardItems } from './read-board';
import { writePullRequests } from './write-pull-requests';

export type ShownPullRequest = Pick<OpenPullRequest, 'repository' | 'number' | 'title' | 'branch' | 'isDraft'> & {
  readonly url: string;
};

/** What a report needs to see of the board and of GitHub, wherever they are. */
export type BoardView = {
  readonly items: () => Promise<readonly BoardItem[]>;
  /** Every open pull request of the worker that belongs to one of these items. */
  readonly pullRequests: () => Promise<readonly ShownPullRequest[]>;
};

/** The stand-in's board; its pull requests are written as files that a person can read. */
export const standInView = (stateFolder: string, model: Model): BoardView => ({
  items: async () => readBoardItems(model),
  pullRequests: async () => writePullRequests(join(stateFolder, 'pull-requests'), model),
});
