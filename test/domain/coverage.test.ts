import { expect } from 'chai';
import fc from 'fast-check';
import { percentOf } from '../../domain/coverage';

describe('percentOf', () => {
  it('cuts at two decimals, so that 79.999 never passes for 80', () => {
    expect(percentOf({ covered: 79_999, total: 100_000 })).to.equal(79.99);
    expect(percentOf({ covered: 4, total: 5 })).to.equal(80);
    expect(percentOf({ covered: 2, total: 3 })).to.equal(66.66);
    expect(percentOf({ covered: 0, total: 7 })).to.equal(0);
  });

  it('says 100 where there is nothing to cover', () => {
    expect(percentOf({ covered: 0, total: 0 })).to.equal(100);
  });

  it('says 100 only if everything is covered, and never more', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (covered, more) => {
        const percent = percentOf({ covered, total: covered + more });
        expect(percent).to.be.within(0, 100);
        expect(percent === 100).to.equal(more === 0);
      }),
    );
  });
});
