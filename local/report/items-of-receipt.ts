import type { Receipt, ReceiptEntry } from '../../domain/receipt';
import type { BoardItem } from '../board/read-board';

const issueOf = (url: string | null): Pick<BoardItem, 'repository' | 'number'> => {
  const [, repository, number] = /\/([^/]+\/[^/]+)\/issues\/(\d+)$/.exec(url ?? '') ?? [];
  return repository && number ? { repository, number: Number(number) } : { repository: null, number: 0 };
};

const itemOf = ({ itemId, title, url, status }: ReceiptEntry): BoardItem => ({
  itemId,
  ...issueOf(url),
  title,
  status: status ?? '',
  branch: null,
});

/**
 * The items of a board as a tick has seen them: where nothing was written since, a board of thousands need not be read again. Items that no tick decides
 * about, as those in review, are not among them.
 */
export const itemsOfReceipt = ({ entries }: Receipt): readonly BoardItem[] => entries.map(itemOf);
