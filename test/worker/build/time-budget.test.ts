import { expect } from 'chai';
import { createTimeBudget } from '../../../worker/build/time-budget';

describe('createTimeBudget', () => {
  const at = (seconds: number, timeoutMinutes: number, testMinutes: number) => {
    const start = new Date('2026-01-05T09:00:00Z');
    return createTimeBudget({ timeoutMinutes, testMinutes }, start, {
      now: () => new Date(start.getTime() + seconds * 1000),
    });
  };

  it('gives what is wanted while there is time, and keeps room for the end', () => {
    const budget = at(0, 90, 15);
    expect(budget.forWork(1800)).to.equal(1800);
    expect(budget.forWork(100_000)).to.equal(5400 - 180 - 900);
    expect(budget.forLastTests(100_000)).to.equal(5400 - 180);
  });

  it('gives what is left near the end, and nothing after it', () => {
    expect(at(4300, 90, 15).forWork(1800)).to.equal(20);
    expect(at(4400, 90, 15).forWork(1800)).to.equal(0);
    expect(at(4400, 90, 15).forLastTests(900)).to.equal(820);
    expect(at(9999, 90, 15).forLastTests(900)).to.equal(0);
  });

  it('has room for short builds, too', () => {
    expect(at(0, 1, 15).forWork(1000)).to.equal(60 - 5 - 15);
    expect(at(0, 1, 15).forLastTests(1000)).to.equal(55);
  });

  it('keeps room for a last install of twice the first one, up to a share of the whole', () => {
    const budget = at(0, 90, 15).afterInstall(60);
    expect(budget.forWork(100_000)).to.equal(5400 - 180 - 900 - 120);
    expect(budget.forLastInstall(100_000)).to.equal(5400 - 180 - 900);
    expect(budget.forLastInstall(60)).to.equal(60);
    expect(at(0, 90, 15).afterInstall(3000).forWork(100_000)).to.equal(5400 - 180 - 900 - 810);
  });
});
