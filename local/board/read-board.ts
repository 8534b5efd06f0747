import type { Model } from '../github/model';

export type BoardItem = {
  readonly itemId: string;
  /** 0 for a draft: it has no number of its own. */
  readonly number: number;
  readonly title: string;
  readonly status: string;
  readonly branch: string | null;
};

export type OpenPullRequest = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly isDraft: boolean;
  readonly comments: readonly string[];
};

const fieldsOf = (model: Model) => {
  const board = model.all('ProjectV2')[0];
  const fields = board ? model.children(board.id, 'ProjectV2Field', 'ProjectV2SingleSelectField') : [];
  return {
    board,
    field: (name: string) => fields.find((candidate) => candidate.name === name),
  };
};

/** The items of the (only) board, in its order. */
export const readBoardItems = (model: Model): readonly BoardItem[] => {
  const { board, field } = fieldsOf(model);
  if (!board) return [];
  const status = field('Status');
  const branch = field('Branch');
  return model.children(board.id, 'ProjectV2Item').map((item) => {
    const content = item.contentId ? model.find(item.contentId, 'Issue', 'DraftIssue') : undefined;
    const optionId = status ? item.values[status.id] : undefined;
    const option =
      status?.kind === 'ProjectV2SingleSelectField' ? status.options.find(({ id }) => id === optionId) : undefined;
    const branchName = branch ? item.values[branch.id] : undefined;
    return {
      itemId: item.id,
      number: content?.kind === 'Issue' ? content.number : 0,
      title: content?.title ?? '(not visible)',
      status: option?.name ?? '',
      branch: branchName === undefined ? null : String(branchName),
    };
  });
};

/** The names of the statuses, in the board's order. */
export const readBoardStatuses = (model: Model): readonly string[] => {
  const status = fieldsOf(model).field('Status');
  return status?.kind === 'ProjectV2SingleSelectField' ? status.options.map(({ name }) => name) : [];
};

/** Every open pull request, in the order in which they were opened. */
export const readPullRequests = (model: Model): readonly OpenPullRequest[] =>
  model
    .all('PullRequest')
    .filter(({ state }) => state === 'OPEN')
    .map((pull) => ({
      number: pull.number,
      title: pull.title,
      body: pull.body,
      branch: pull.headRefName,
      isDraft: pull.isDraft,
      comments: model.children(pull.id, 'IssueComment').map(({ body }) => body),
    }));

/**
 * Moves an item as a person would on the board; false when there is no such item, or no such status.
 * The stand-in's state is saved before this returns.
 */
export const moveBoardItem = (model: Model, number: number, statusName: string): boolean => {
  const { board, field } = fieldsOf(model);
  const status = field('Status');
  if (!board || status?.kind !== 'ProjectV2SingleSelectField') return false;
  const option = status.options.find(({ name }) => name === statusName);
  const found = readBoardItems(model).find((item) => item.number === number);
  const item = found && model.find(found.itemId, 'ProjectV2Item');
  if (!option || !item) return false;
  model.put({ ...item, values: { ...item.values, [status.id]: option.id }, updatedAt: new Date().toISOString() });
  model.save();
  return true;
};
