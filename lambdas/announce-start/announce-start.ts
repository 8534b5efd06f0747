import type { BoardSettings, BoardStatus } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import type { Task, TaskInput } from '../_kit/contract';
import type { announceStartContract } from './contract';

type Deps = {
  readonly settings: () => Promise<BoardSettings>;
  readonly locks: {
    readonly begin: (lease: Lease) => Promise<boolean>;
    readonly hasBegun: (lease: Lease) => Promise<boolean>;
  };
  readonly board: {
    readonly read: (itemId: string) => Promise<string | null>;
    readonly write: (
      itemId: string,
      status: BoardStatus,
      from: string | null,
    ) => Promise<'written' | 'overtaken' | 'gone'>;
  };
};

type Input = TaskInput<typeof announceStartContract>;

/**
 * Whether the item may start from `status`: ready; in progress when the try before died, or when this very step has written that and is
 * retried; needing attention when somebody redrives it.
 */
const mayStart = async (
  status: string | null,
  { lease, redrive }: Input,
  { ready, inProgress, needsAttention }: BoardSettings['options'],
  { locks }: Deps,
): Promise<boolean> => {
  if (status === ready) return true;
  if (status === inProgress) return lease.attempt > 1 || redrive || locks.hasBegun(lease);
  return status === needsAttention && redrive;
};

const movedTo = (status: string | null): string =>
  status === null
    ? 'The item has no status now, is archived, or was taken off the board since the poll.'
    : `The item is in "${status}" now; somebody else has moved it since the poll.`;

/** Shows the item as in progress, unless it has moved on since the poll. */
export const announceStart: Task<typeof announceStartContract, Deps> = async (input, deps) => {
  const { item, lease, dryRun } = input;
  const { options } = await deps.settings();
  const status = await deps.board.read(item.itemId);
  if (!(await mayStart(status, input, options, deps))) return { outcome: 'no-longer-ready', message: movedTo(status) };
  if (dryRun) return { outcome: 'announced', message: `A dry run leaves the item in "${status}".` };
  if (!(await deps.locks.begin(lease)))
    throw new WorkerError('LeaseLost', `The lease on ${item.itemId} (fence ${lease.fence}) is no longer current.`);
  if ((await deps.board.write(item.itemId, 'inProgress', status)) !== 'written')
    return { outcome: 'no-longer-ready', message: movedTo(await deps.board.read(item.itemId)) };
  return { outcome: 'announced', message: `The item is in "${options.inProgress}".` };
};
