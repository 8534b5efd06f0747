import { expect } from 'chai';
import { receiptSchema, type TickOutcome } from '../../../domain/receipt';
import { itemsOfReceipt } from '../../../local/report/items-of-receipt';

describe('itemsOfReceipt', () => {
  const receipt = (outcome: TickOutcome, unlisted: number) =>
    receiptSchema.parse({
      version: 1,
      environment: 'test',
      release: 'r1',
      executionArn: 'arn:poll',
      startedAt: '2026-11-01T10:00:00.000Z',
      outcome,
      requests: 1,
      freeSlots: 1,
      message: 'm',
      unlisted,
      entries: [
        {
          itemId: 'PVTI_1',
          title: 'A cart',
          url: 'https://github.com/acme/shop/issues/7',
          status: 'Ready',
          decision: 'waiting',
          reason: 'NoFreeSlot',
          message: 'm',
        },
      ],
    });

  it('is the board as the tick has seen it', () => {
    expect(itemsOfReceipt(receipt('waiting', 0))).to.deep.equal([
      { itemId: 'PVTI_1', repository: 'acme/shop', number: 7, title: 'A cart', status: 'Ready', branch: null },
    ]);
  });

  it('is nothing when some of the board is not in the receipt: a report must not leave items out', () => {
    expect(itemsOfReceipt(receipt('waiting', 1))).to.equal(null);
    expect(itemsOfReceipt(receipt('rate-limited', 0))).to.equal(null);
  });
});
