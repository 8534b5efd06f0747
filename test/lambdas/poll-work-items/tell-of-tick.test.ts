import { expect } from 'chai';
import { tickOutcomes } from '../../../domain/receipt';
import type { TaskOutput } from '../../../lambdas/_kit/contract';
import type { pollWorkItemsContract } from '../../../lambdas/poll-work-items/contract';
import { tellOfTick } from '../../../lambdas/poll-work-items/tell-of-tick';

describe('tellOfTick', () => {
  const counts = { taken: 0, waiting: 1, refused: 2, reconciled: 0, parked: 3 };
  type Output = TaskOutput<typeof pollWorkItemsContract>;
  const tick = (change: Partial<Output>): Output => ({
    outcome: 'idle',
    items: [],
    message: 'm',
    counts,
    receiptKey: 'k',
    ...change,
  });

  it('calls a tick a success only when it has read the board to its end, whatever it found there', () => {
    const pulse = tickOutcomes
      .filter((outcome) => outcome !== 'failed')
      .map((outcome) => [outcome, tellOfTick(tick({ outcome })).pulse.PollWorkItemsSucceeded]);
    expect(Object.fromEntries(pulse)).to.deep.equal({
      items: 1,
      idle: 1,
      waiting: 1,
      refused: 1,
      stopped: 1,
      'rate-limited': 0,
      'github-unavailable': 0,
    });
  });
});
