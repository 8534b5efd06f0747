import { expect } from 'chai';
import type { Lease } from '../../../domain/lease';
import { releaseLock } from '../../../lambdas/release-lock/release-lock';
import { locksBench } from '../../support/locks-table';
import { executionOf, leaseOf, workItem } from '../../support/work-items';

describe('releaseLock', () => {
  const bench = locksBench();
  const take = async (run: string): Promise<Lease> => {
    const answer = await bench()
      .locks()
      .acquire({ item: workItem(), owner: executionOf(run), dryRun: false });
    if (answer.outcome !== 'acquired') throw new Error(answer.message);
    return answer.lease;
  };
  const release = (lease: Lease, change: { park?: boolean; dryRun?: boolean } = {}) =>
    releaseLock({ lease, park: false, dryRun: false, ...change }, { locks: bench().locks() });
  const parked = async () => (await bench().locks().rows('parked')).length;

  it('gives the item back, as often as it is asked to', async () => {
    const lease = await take('run-1');
    expect(await release(lease)).to.deep.equal({ outcome: 'released' });
    expect(await release(lease)).to.deep.equal({ outcome: 'released' });
    expect((await take('run-2')).fence).to.equal(2);
  });

  it('leaves a lease alone that another execution has taken over', async () => {
    const old = await take('run-1');
    bench().executions.set(executionOf('run-1'), 'died');
    const current = await take('run-2');
    expect(await release(old, { park: true })).to.deep.equal({ outcome: 'superseded' });
    expect(await bench().locks().isCurrent(current)).to.equal(true);
  });

  it('says superseded of an item that it knows nothing about', async () => {
    expect(await release(leaseOf())).to.deep.equal({ outcome: 'superseded' });
  });

  it('parks an item that failed and of which the board knows nothing', async () => {
    await release(await take('run-1'), { park: true });
    expect(await parked()).to.equal(1);
  });

  it('parks nothing after a dry run', async () => {
    await release(await take('run-1'), { park: true, dryRun: true });
    expect(await parked()).to.equal(0);
    expect((await take('run-2')).attempt).to.equal(1);
  });
});
