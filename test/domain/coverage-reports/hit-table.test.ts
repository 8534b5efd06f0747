import { expect } from 'chai';
import fc from 'fast-check';
import { HitTable } from '../../../domain/coverage-reports/hit-table';
import { LineSet } from '../../../domain/coverage-reports/line-set';

describe('HitTable', () => {
  it('counts like a map, whatever it is given and however often it is emptied', () => {
    const keys = fc.array(fc.tuple(fc.oneof(fc.nat(50), fc.nat(), fc.maxSafeNat()), fc.boolean()), { maxLength: 300 });
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 3 }), (rounds) => {
        const table = new HitTable();
        for (const round of rounds) {
          const map = new Map<number, boolean>();
          for (const [key, isHit] of round) {
            expect(table.add(key, isHit)).to.equal(!map.has(key));
            map.set(key, isHit || map.get(key) === true);
          }
          expect([table.total, table.covered]).to.deep.equal([map.size, [...map.values()].filter(Boolean).length]);
          table.clear();
        }
      }),
    );
  });

  it('gives the room back that one huge file took', () => {
    let bytes = 0;
    const table = new HitTable((more) => {
      bytes += more;
    });
    for (let key = 0; key < 100_000; key += 1) table.add(key, key % 2 === 0);
    expect([table.total, table.covered]).to.deep.equal([100_000, 50_000]);
    expect(bytes).to.be.below(3_000_000);
    table.clear();
    expect([table.total, table.add(7, false), table.total]).to.deep.equal([0, true, 1]);
  });
});

describe('LineSet', () => {
  it('knows of each line whether it is measured, and whether it was ever executed', () => {
    const lines = new LineSet();
    for (const [line, isHit] of [
      [3, false],
      [3, true],
      [3, false],
      [900, false],
    ] as const)
      lines.add(line, isHit);
    expect([lines.isHit(3), lines.isHit(900), lines.isHit(4), lines.isHit(10_000)]).to.deep.equal([
      true,
      false,
      null,
      null,
    ]);
    expect([lines.covered, lines.total]).to.deep.equal([1, 2]);
    expect(lines.last).to.be.at.least(900);
  });

  it('keeps nothing after the last line that is asked for, and knows that there was something', () => {
    let bytes = 0;
    const lines = new LineSet((more) => {
      bytes += more;
    }, 100);
    expect(lines.isEmpty).to.equal(true);
    lines.add(1_999_999, true);
    expect([lines.isEmpty, lines.total, lines.isHit(1_999_999), bytes]).to.deep.equal([false, 0, null, 0]);
    for (const line of [0, 99, 100, 101]) lines.add(line, true);
    expect([lines.total, lines.isHit(100), lines.isHit(101)]).to.deep.equal([3, true, null]);
    expect(bytes).to.be.below(30);
  });
});
