import { expect } from 'chai';
import { acquireLock } from '../../../lambdas/acquire-lock/acquire-lock';
import { acquireLockContract } from '../../../lambdas/acquire-lock/contract';
import { failureOf } from '../../support/failure-of';
import { locksBench } from '../../support/locks-table';
import { executionOf, workItem } from '../../support/work-items';

describe('acquireLock', () => {
  const bench = locksBench();
  const input = (run: string, itemId: string, redrive = false) => ({
    item: workItem({ itemId }),
    owner: executionOf(run),
    redrive,
    dryRun: false,
  });
  const acquire = (run: string, itemId: string, redrive = false) =>
    acquireLock(input(run, itemId, redrive), { locks: bench().locks(1) });

  it('gives the lease to the first and a reason to everybody else', async () => {
    expect(await acquire('run-1', 'a')).to.deep.equal({
      outcome: 'acquired',
      lease: { itemId: 'a', owner: executionOf('run-1'), fence: 1, attempt: 1, slot: 0 },
    });
    expect(await acquire('run-2', 'a')).to.deep.equal({
      outcome: 'held',
      message: `The item is held by ${executionOf('run-1')}.`,
    });
    expect(await acquire('run-3', 'b')).to.deep.equal({
      outcome: 'no-free-slot',
      message: 'No slot is free: 1 item may run at once.',
    });
  });

  it('has a redrive wait for a slot: its dead letter is gone, so skipping it would lose the item', async () => {
    await acquire('run-1', 'a');
    const error = await failureOf(acquire('run-2', 'b', true));
    expect(error.name).to.equal('NoFreeSlot');
    expect(acquireLockContract.errors).to.include('NoFreeSlot');
  });

  it('lets a redrive go when somebody works on that very item', async () => {
    await acquire('run-1', 'a');
    expect((await acquire('run-2', 'a', true)).outcome).to.equal('held');
  });

  it('takes an input without `redrive` for no redrive', () => {
    const { redrive: _, ...old } = input('run-1', 'a');
    expect(acquireLockContract.input.parse(old)).to.deep.equal({ ...old, redrive: false });
  });
});
