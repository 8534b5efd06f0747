import type { BoardSettings, BoardStatus } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import type { Task, TaskInput } from '../_kit/contract';
import type { announceStartContract } from './contract';

type Deps = {
  readonly settings: () => Promise<BoardSettings>;
  readonly locks: { readonly isCurrent: (lease: Lease) => Promise<boolean> };
  readonly board: {
    readonly read: (itemId: string) => Promise<string | null>;
    readonly write: (itemId: string, status: BoardStatus) => Promise<void>;
  };
};

/**
 * Statuses from which an item may start: ready; in progress when the try before died, or this very step was retried after its write;
 * needing attention when somebody redrives it.
 */
const startable = (
  { lease, redrive }: TaskInput<typeof announceStartContract>,
  { ready, inProgress, needsAttention }: BoardSettings['options'],
): readonly string[] => [
  ready,
  ...(lease.attempt > 1 || redrive ? [inProgress] : []),
  ...(redrive ? [needsAttention] : []),
];

/** Shows the item as in progress, unless it has moved on since the poll. */
export const announceStart: Task<typeof announceStartContract, Deps> = async (input, deps) => {
  const { item, lease, dryRun } = input;
  const { options } = await deps.settings();
  const status = await deps.board.read(item.itemId);
  if (status === null || !startable(input, options).includes(status))
    return {
      outcome: 'no-longer-ready',
      message: `The item is in "${status ?? 'no status'}" now; somebody else has moved it since the poll.`,
    };
  if (dryRun) return { outcome: 'announced', message: `A dry run leaves the item in "${status}".` };
  if (!(await deps.locks.isCurrent(lease)))
    throw new WorkerError('LeaseLost', `The lease on ${item.itemId} (fence ${lease.fence}) is no longer current.`);
  await deps.board.write(item.itemId, 'inProgress');
  return { outcome: 'announced', message: `The item is in "${options.inProgress}".` };
};
