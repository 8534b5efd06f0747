import type { BoardSettings } from '../../domain/board-settings';
import type { GitHubSeed } from '../github/seed';
import type { BoardFile } from './board-file';

export type ServedRepository = {
  /** OWNER/NAME under which the stand-in serves it. */
  readonly nameWithOwner: string;
  /** Where it lies on this machine. */
  readonly path: string;
  readonly defaultBranch: string;
};

const BOARD_NUMBER = 1;

export type NumberedItem = BoardFile['items'][number] & { readonly number: number };

/** Gives every item a number: its own, or the lowest that is free, in file order. */
export const numberItems = (items: BoardFile['items']): readonly NumberedItem[] => {
  const taken = new Set(items.flatMap(({ number }) => number ?? []));
  let next = 1;
  return items.map((item) => {
    if (item.number !== undefined) return { ...item, number: item.number };
    while (taken.has(next)) next += 1;
    taken.add(next);
    return { ...item, number: next };
  });
};

/** The settings that make the worker watch the board of the file. */
export const settingsOfBoard = (file: BoardFile, repository: ServedRepository): BoardSettings => {
  const { others: _, ...options } = file.statuses;
  return {
    owner: ownerOf(repository),
    ownerKind: 'organization',
    number: BOARD_NUMBER,
    repositories: [repository.nameWithOwner],
    fields: { status: 'Status', priority: 'Priority', branch: 'Branch', spec: 'Spec' },
    options,
    priorities: [...file.priorities],
  };
};

/** The same board and its issues, as the GitHub stand-in is filled. */
export const seedOfBoard = (file: BoardFile, repository: ServedRepository): GitHubSeed => {
  const items = numberItems(file.items);
  const { others, ...options } = file.statuses;
  return {
    owners: [{ login: ownerOf(repository), kind: 'organization' }],
    repositories: [
      {
        ...repository,
        protectedBranches: [repository.defaultBranch],
        issues: items
          .filter(({ kind }) => kind === 'issue')
          .map(({ number, title, body, state, createdAt }) => ({
            number,
            title,
            body,
            state: state === 'open' ? 'OPEN' : 'CLOSED',
            ...(createdAt ? { createdAt } : {}),
          })),
      },
    ],
    boards: [
      {
        owner: ownerOf(repository),
        number: BOARD_NUMBER,
        title: file.title,
        fields: [
          { name: 'Status', type: 'single-select', options: [...Object.values(options), ...others] },
          { name: 'Priority', type: 'single-select', options: [...file.priorities] },
          { name: 'Branch', type: 'text' },
          { name: 'Spec', type: 'text' },
        ],
        items: items.map((item) => ({ ...contentOf(item, repository), values: valuesOf(item, options.ready) })),
      },
    ],
  };
};

const ownerOf = ({ nameWithOwner }: ServedRepository): string => nameWithOwner.split('/')[0] ?? nameWithOwner;

const contentOf = (item: NumberedItem, { nameWithOwner }: ServedRepository) =>
  item.kind === 'issue'
    ? ({ type: 'issue', repository: nameWithOwner, number: item.number } as const)
    : ({ type: 'draft-issue', title: item.title, body: item.body } as const);

const valuesOf = ({ status, priority, branch, spec }: NumberedItem, ready: string): Record<string, string> => ({
  Status: status ?? ready,
  ...(priority ? { Priority: priority } : {}),
  ...(branch ? { Branch: branch } : {}),
  ...(spec ? { Spec: spec } : {}),
});
