import type { TaskOutput } from '../_kit/contract';
import type { pollWorkItemsContract } from './contract';

/**
 * What log and metrics say of a tick. Idle, waiting, refused, stopped, rate-limited and failed ticks have a metric each, by their outcome;
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
  pulse: { PollWorkItemsSucceeded: outcome === 'rate-limited' || outcome === 'github-unavailable' ? 0 : 1 },
});
