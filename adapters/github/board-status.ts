import type { BoardSettings, BoardStatus } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import { findBoard } from './find-board';
import type { RunDocument } from './graphql-client';

export const itemStatusDocument = `query ItemStatus($itemId: ID!, $status: String!) {
  node(id: $itemId) {
    ... on ProjectV2Item {
      status: fieldValueByName(name: $status) { ... on ProjectV2ItemFieldSingleSelectValue { name } }
    }
  }
}`;

export const setStatusDocument = `mutation SetStatus($projectId: ID!, $itemId: ID!, $fieldId: ID!, $optionId: String!) {
  updateProjectV2ItemFieldValue(
    input: { projectId: $projectId, itemId: $itemId, fieldId: $fieldId, value: { singleSelectOptionId: $optionId } }
  ) { projectV2Item { id } }
}`;

export type BoardStatusPort = {
  readonly read: (itemId: string) => Promise<string | null>;
  /** Writes and reads back: GitHub has no compare-and-set, and a write may be accepted and not be seen. */
  readonly write: (itemId: string, status: BoardStatus) => Promise<void>;
};

const READ_BACKS = 4;

export const githubBoardStatus = (deps: {
  readonly settings: () => Promise<BoardSettings>;
  readonly run: RunDocument;
  readonly pause: (milliseconds: number) => Promise<void>;
}): BoardStatusPort => {
  const read = async (itemId: string): Promise<string | null> => {
    const { fields } = await deps.settings();
    const { node } = await deps.run<{ node: { status?: { name?: string } | null } | null }>(itemStatusDocument, {
      itemId,
      status: fields.status,
    });
    return node?.status?.name ?? null;
  };
  const write = async (itemId: string, status: BoardStatus): Promise<void> => {
    const settings = await deps.settings();
    const board = await findBoard(settings, deps.run);
    const wanted = settings.options[status];
    await deps.run(setStatusDocument, {
      projectId: board.projectId,
      itemId,
      fieldId: board.statusFieldId,
      optionId: board.statusOptionIds[wanted],
    });
    for (let attempt = 0; attempt < READ_BACKS; attempt += 1) {
      if (attempt > 0) await deps.pause(250 * 2 ** attempt);
      if ((await read(itemId)) === wanted) return;
    }
    throw new WorkerError(
      'BoardWriteNotVisible',
      `The board accepted "${wanted}" for ${itemId} but still shows another status.`,
      'It may pass; try again.',
    );
  };
  return { read, write };
};
