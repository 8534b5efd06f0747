import { expect } from 'chai';
import { tickOutcomes } from '../../../domain/receipt';
import { tellOfTick } from '../../../lambdas/poll-work-items/tell-of-tick';

describe('tellOfTick', () => {
  it('calls a tick a success only when it has read the board to its end, whatever it found there', () => {
    const counts = { taken: 0, waiting: 1, refused: 2, reconciled: 0, parked: 3 };
    const pulse = tickOutcomes
      .filter((outcome) => outcome !== 'failed')
      .map((outcome) => [
        outcome,
        tellOfTick({ outcome, items: [], message: 'm', counts, receiptKey: 'k' }).pulse.PollWorkItemsSucceeded,
      ]);
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
