import { expect } from 'chai';
import type { CreditBudget } from '../../../domain/credit-budget';
import { acquireLock } from '../../../lambdas/acquire-lock/acquire-lock';
import { acquireLockContract } from '../../../lambdas/acquire-lock/contract';
import { failureOf } from '../../support/failure-of';
import { locksBench } from '../../support/locks-table';
import { AT, agentRun, ledgerOf } from '../../support/spendings';
import { executionOf, workItem } from '../../support/work-items';

describe('acquireLock', () => {
  const bench = locksBench();
  const files = new Map<string, string>();
  let budget: Partial<CreditBudget> = {};
  beforeEach(() => {
    budget = {};
    files.clear();
  });
  const input = (run: string, itemId: string, redrive = false) => ({
    item: workItem({ itemId }),
    owner: executionOf(run),
    redrive,
    dryRun: false,
  });
  const acquire = (run: string, itemId: string, redrive = false) =>
    acquireLock(input(run, itemId, redrive), {
      locks: bench().locks(1),
      credits: ledgerOf(bench().table, budget),
      artifacts: { readText: async (key) => files.get(key) ?? null },
      executionLife: bench().executionLife,
      now: () => AT,
    });

  it('gives the lease to the first and a reason to everybody else', async () => {
    expect(await acquire('run-1', 'a')).to.deep.equal({
      outcome: 'acquired',
      lease: { itemId: 'a', owner: executionOf('run-1'), fence: 1, attempt: 1, slot: 0 },
      credits: { soft: 80, softBudget: 'item', hard: 100, hardBudget: 'item', unknownRunCredits: 1 },
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

  describe('credits', () => {
    const spend = (run: string, itemId: string, credits: number | null) =>
      ledgerOf(bench().table, budget).settle({
        account: { executionName: run, item: workItem({ itemId }), dryRun: false },
        runs: [agentRun('1', credits)],
        fruitful: true,
      });

    it('takes nothing, lock or slot, when the item has used its budget up, and says so', async () => {
      await spend('before', 'a', 85);
      expect(await acquire('run-1', 'a')).to.deep.equal({
        outcome: 'no-credits',
        message: 'ItemBudgetUsedUp: The item has cost 85 credits: 85 % of 100; from 80 % on it is not begun again.',
      });
      expect(await bench().locks(1).rows('held')).to.deep.equal([]);
      expect(await acquire('run-2', 'b'), 'the slot is free').to.include({ outcome: 'acquired' });
    });

    it('counts what a killed execution of the item has spent, although no tick lies between', async () => {
      budget = { itemCredits: 10 };
      await acquire('killed', 'a', true);
      await acquire('other', 'b');
      const spending = { version: 1, itemId: 'a', fence: 1, runs: [agentRun('1', 3)] };
      files.set('builds/killed/build/spending.json', JSON.stringify(spending));
      bench().executions.set(executionOf('killed'), 'died');
      expect(await acquire('again', 'a', true)).to.have.nested.property('credits.hard', 7);
      const open = await ledgerOf(bench().table).openAccounts();
      expect(open.map(({ executionName }) => executionName)).to.deep.equal(['again']);
      bench().executions.set(executionOf('again'), 'died');
      files.set('builds/again/build/spending.json', JSON.stringify({ ...spending, runs: [agentRun('1', 6)] }));
      expect((await failureOf(acquire('third', 'a', true))).name).to.equal('CreditsUsedUp');
    });

    it('gives reserved credits back when lock or slot cannot be had', async () => {
      await acquire('run-1', 'a');
      await acquire('run-2', 'a');
      await acquire('run-3', 'b');
      const open = await ledgerOf(bench().table).openAccounts();
      expect(open.map(({ executionName }) => executionName)).to.deep.equal(['run-1']);
    });

    it('refuses a redrive with an error, so that its dead letter comes back', async () => {
      budget = { dayCredits: 10 };
      await spend('before', 'b', 9);
      const used = await failureOf(acquire('run-1', 'a', true));
      expect(used.name).to.equal('CreditsUsedUp');
      expect(used.message).to.match(/^9 credits were spent on 2026-11-01 \(UTC\): 90 % of 10/);
      budget = { breakerRuns: 1 };
      await ledgerOf(bench().table, budget).settle({
        account: { executionName: 'bad', item: workItem({ itemId: 'c' }), dryRun: false },
        runs: [agentRun('1', null)],
        fruitful: false,
      });
      expect((await failureOf(acquire('run-2', 'a', true))).name).to.equal('BreakerOpen');
      expect(acquireLockContract.errors).to.include.members(['CreditsUsedUp', 'BreakerOpen']);
    });
  });
});
