import { expect } from 'chai';
import { countOf } from '../../domain/count-of';

describe('countOf', () => {
  it('uses the plural for everything but one', () => {
    expect([0, 1, 2, 0.5].map((count) => countOf(count, 'point'))).to.deep.equal([
      '0 points',
      '1 point',
      '2 points',
      '0.5 points',
    ]);
  });
});
