import type { BoardSettings, BoardStatus } from '../../domain/board-settings';
import { hasCode, WorkerError } from '../../domain/errors';
import { findBoard } from './find-board';
import type { RunDocument } from './graphql-client';
import { isMissingNode } from './translate-github-error';

export const itemStatusDocument = `query ItemStatus($itemId: ID!, $status: String!) {
  node(id: $itemId) {
    ... on ProjectV2Item {
      isArchived
      status: fieldValueByName(name: $status) { ... on ProjectV2ItemFieldSingleSelectValue { name } }
    }
  }
}`;

export const setStatusDocument = `mutation SetStatus($projectId: ID!, $itemId: ID!, $fieldId: ID!, $optionId: String!) {
  updateProjectV2ItemFieldValue(
    input: { projectId: $projectId, itemId: $itemId, fieldId: $fieldId, value: { singleSelectOptionId: $optionId } }
  ) { projectV2Item { id } }
}`;

/** `overtaken`: somebody has moved the item meanwhile, and it was left there; `gone`: it is archived, or no longer on the board. */
export type BoardWrite = 'written' | 'overtaken' | 'gone';

export type BoardStatusPort = {
  /** Null for an item without a status, and for one that is archived or no longer on the board. */
  readonly read: (itemId: string) => Promise<string | null>;
  /**
   * Writes and reads back: GitHub has no compare-and-set, and a write may be accepted and not be seen. With `from`, only an item that still shows that.
   * @throws BoardWriteNotVisible, BoardMisconfigured
   */
  readonly write: (itemId: string, status: BoardStatus, from?: string | null) => Promise<BoardWrite>;
};

type Deps = {
  readonly settings: () => Promise<BoardSettings>;
  readonly run: RunDocument;
  readonly pause: (milliseconds: number) => Promise<void>;
};
type Shown = { readonly status: string | null } | 'gone';
type Answer = { readonly node: { readonly isArchived?: boolean; readonly status?: { name?: string } | null } | null };

const READ_BACKS = 4;

const look = async (itemId: string, { fields }: BoardSettings, run: RunDocument): Promise<Shown> => {
  try {
    const { node } = await run<Answer>(itemStatusDocument, { itemId, status: fields.status });
    return node && !node.isArchived ? { status: node.status?.name ?? null } : 'gone';
  } catch (error) {
    if (isMissingNode(error)) return 'gone';
    throw error;
  }
};

/** The write itself. What GitHub refuses is looked into: the item may have gone, or a field or option, between two requests. */
const send = async (
  itemId: string,
  wanted: string,
  settings: BoardSettings,
  run: RunDocument,
): Promise<'gone' | null> => {
  const board = await findBoard(settings, run);
  const variables = {
    projectId: board.projectId,
    itemId,
    fieldId: board.statusFieldId,
    optionId: board.statusOptionIds[wanted],
  };
  try {
    await run(setStatusDocument, variables);
    return null;
  } catch (error) {
    if (!hasCode(error, 'NotFound', 'GitHubRefused')) throw error;
    if ((await look(itemId, settings, run)) === 'gone') return 'gone';
    await findBoard(settings, run); // says which name is missing now
    throw error;
  }
};

/** What the item shows after the write. A read that fails says nothing about the write, which has been accepted. */
const readBack = async (
  itemId: string,
  wanted: string,
  before: string | null,
  settings: BoardSettings,
  { run, pause }: Deps,
): Promise<BoardWrite> => {
  let failure: unknown = null;
  for (let attempt = 0; attempt < READ_BACKS; attempt += 1) {
    if (attempt > 0) await pause(250 * 2 ** attempt);
    try {
      const shown = await look(itemId, settings, run);
      if (shown === 'gone') return 'gone';
      if (shown.status === wanted) return 'written';
      if (shown.status !== before) return 'overtaken'; // to write again would undo what somebody has just done
      failure = null;
    } catch (error) {
      if (!hasCode(error, 'GitHubUnavailable')) throw error;
      failure = error;
    }
  }
  throw (
    failure ??
    new WorkerError(
      'BoardWriteNotVisible',
      `The board accepted "${wanted}" for ${itemId} but still shows another status.`,
      'It may pass; try again.',
    )
  );
};

export const githubBoardStatus = (deps: Deps): BoardStatusPort => ({
  read: async (itemId) => {
    const shown = await look(itemId, await deps.settings(), deps.run);
    return shown === 'gone' ? null : shown.status;
  },
  write: async (itemId, status, from) => {
    const settings = await deps.settings();
    const wanted = settings.options[status];
    const before = await look(itemId, settings, deps.run);
    if (before === 'gone') return 'gone';
    if (from !== undefined && before.status !== from) return 'overtaken';
    if (before.status === wanted) return 'written';
    return (await send(itemId, wanted, settings, deps.run)) ?? readBack(itemId, wanted, before.status, settings, deps);
  },
});
