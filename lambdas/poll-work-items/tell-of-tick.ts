import { hasReadBoard } from '../../domain/receipt';
import type { TaskOutput } from '../_kit/contract';
import type { pollWorkItemsContract } from './contract';

/**
 * What log and metrics say of a tick. Each outcome of a tick has a metric of its own;
 * `PollWorkItemsSucceeded` counts those that have read the board to its end.
 */
export const tellOfTick = ({ outcome, message, counts, receiptKey }: TaskOutput<typeof pollWorkItemsContract>) => ({
  fields: { tick: message, counts, receiptKey },
  metrics: {
    PollWorkItemsTaken: counts.taken,
    PollWorkItemsWaitingItems: counts.waiting,
    PollWorkItemsRefusedItems: counts.refused,
    PollWorkItemsParkedItems: counts.parked,
  },
  pulse: { PollWorkItemsSucceeded: hasReadBoard({ outcome }) ? 1 : 0 },
});
