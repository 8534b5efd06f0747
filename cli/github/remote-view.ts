import { findBoard } from '../../adapters/github/find-board';
import type { RunDocument } from '../../adapters/github/graphql-client';
import { readOwnPullRequests } from '../../adapters/github/own-pull-requests';
import { readBoardPages } from '../../adapters/github/read-board';
import type { BoardEntry } from '../../domain/board-entry';
import type { BoardSettings } from '../../domain/board-settings';
import type { BoardView } from '../../local/board/board-view';
import type { BoardItem } from '../../local/board/read-board';

const itemOf = ({ itemId, content, status, branch }: BoardEntry): BoardItem => ({
  itemId,
  repository: content.kind === 'issue' ? content.repository : null,
  number: content.kind === 'issue' ? content.number : 0,
  title: content.kind === 'redacted' ? '(not visible)' : content.title,
  status: status ?? '',
  branch,
});

/** What a report shows of a board on GitHub: the columns that the worker reads or writes. */
export const remoteView = (settings: BoardSettings, run: RunDocument): BoardView => ({
  items: async () => {
    const board = await findBoard(settings, run);
    const items: BoardItem[] = [];
    for await (const page of readBoardPages(board, settings, Object.values(settings.options), run))
      items.push(...page.map(itemOf));
    return items;
  },
  pullRequests: async () => {
    const found = settings.repositories.map(async (repository) =>
      (await readOwnPullRequests(repository, run)).map(({ headRefName, number, title, url, isDraft }) => ({
        repository,
        branch: headRefName,
        number,
        title,
        url,
        isDraft,
      })),
    );
    return (await Promise.all(found)).flat();
  },
});
