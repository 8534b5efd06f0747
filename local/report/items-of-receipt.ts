import { hasReadBoard, type Receipt, type ReceiptEntry } from '../../domain/receipt';
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
 * about, as those in review, are not among them. Null: the tick has not come to the end of the board, or its receipt does not list all of it.
 */
export const itemsOfReceipt = (receipt: Receipt): readonly BoardItem[] | null =>
  hasReadBoard(receipt) && receipt.unlisted === 0 ? receipt.entries.map(itemOf) : null;
