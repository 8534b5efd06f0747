import { expect } from 'chai';
import { lockView } from '../../../adapters/aws/lock-view';
import { locksBench } from '../../support/locks-table';
import { executionOf, workItem } from '../../support/work-items';

describe('lockView', () => {
  const bench = locksBench();
  const view = () => lockView({ table: bench().table });

  it('shows a held item, its slot, and the free ones', async () => {
    await bench()
      .locks(2)
      .acquire({ item: workItem(), owner: executionOf('run-1'), dryRun: false });
    expect(await view().rowOfItem('PVTI_1')).to.deep.include({
      state: 'held',
      owner: executionOf('run-1'),
      attempts: 1,
      acquiredAt: '2026-11-01T10:00:00.000Z',
      item: workItem(),
    });
    expect(await view().slots(2)).to.deep.equal([
      { slot: 0, owner: executionOf('run-1'), itemId: 'PVTI_1' },
      { slot: 1, owner: null, itemId: null },
    ]);
    expect((await view().rows('held')).map(({ itemId }) => itemId)).to.deep.equal(['PVTI_1']);
  });

  it('shows nothing of an item that nobody has taken', async () => {
    expect(await view().rowOfItem('PVTI_1')).to.equal(null);
    expect(await view().rows('parked')).to.deep.equal([]);
  });
});
