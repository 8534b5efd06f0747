import { expect } from 'chai';
import { describeReserved, readAccounts } from '../../cli/open-accounts';
import { locksBench } from '../support/locks-table';
import { ledgerOf } from '../support/spendings';
import { executionOf, workItem } from '../support/work-items';

describe('what is reserved', () => {
  const bench = locksBench();
  const begin = (run: string, budget: object = {}) =>
    ledgerOf(bench().table, budget).reserve({
      executionArn: executionOf(run),
      executionName: run,
      item: workItem({ itemId: run }),
      dryRun: false,
    });
  const shown = async () => {
    const credits = ledgerOf(bench().table);
    const accounts = await readAccounts({ credits, executionLife: bench().executionLife });
    return { accounts, text: describeReserved((await credits.position()).reserved, accounts) };
  };

  it('is said together with whether those who have it still run', async () => {
    expect((await shown()).text).to.equal('nothing; no execution is running');
    await begin('a');
    await begin('b');
    await begin('c');
    bench().executions.set(executionOf('b'), 'died');
    bench().executions.set(executionOf('c'), 'unknown');
    const { accounts, text } = await shown();
    expect(accounts.map(({ itemId, reserved, state }) => [itemId, reserved, state])).to.have.deep.members([
      ['a', 100, 'running'],
      ['b', 100, 'ended'],
      ['c', 100, 'unknown'],
    ]);
    expect(text).to.equal(
      '300 credits; 1 execution running, 1 execution ended and not settled: the next tick does that, 1 execution that could not be asked about',
    );
  });

  it('is nothing where there is no limit, also when an execution was cut off', async () => {
    await begin('a', { itemCredits: null, dayCredits: null });
    bench().executions.set(executionOf('a'), 'died');
    expect((await shown()).text).to.equal('nothing; 1 execution ended and not settled: the next tick does that');
  });
});
