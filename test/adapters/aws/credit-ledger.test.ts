import { expect } from 'chai';
import { creditKeys } from '../../../adapters/aws/credit-rows';
import { type LockTable, text } from '../../../adapters/aws/lock-table';
import type { CreditBudget } from '../../../domain/credit-budget';
import { failureOf } from '../../support/failure-of';
import { locksBench } from '../../support/locks-table';
import { AT, agentRun, ledgerOf } from '../../support/spendings';
import { executionOf, workItem } from '../../support/work-items';

describe('creditLedger', () => {
  const bench = locksBench();
  const ledger = (budget: Partial<CreditBudget> = {}, at: Date = AT) => ledgerOf(bench().table, budget, at);
  const account = (executionName: string, itemId = 'a') => ({
    executionArn: executionOf(executionName),
    executionName,
    item: workItem({ itemId }),
    dryRun: false,
  });
  const settle = (
    run: string,
    credits: readonly (number | null)[],
    { item = 'a', fruitful = true, budget = {} as Partial<CreditBudget>, at = AT } = {},
  ) =>
    ledger(budget, at).settle({
      account: account(run, item),
      runs: credits.map((each, index) => agentRun(String(index + 1), each, at.toISOString())),
      fruitful,
    });

  describe('settling', () => {
    it('adds up per item and per day, and keeps unknown runs apart', async () => {
      await settle('run-1', [0.1, 0.2]);
      await settle('run-2', [3, null], { item: 'b' });
      const { spent, spentOfItem, position } = await settle('run-3', [null], { item: 'a' });
      expect(spent).to.deep.equal({ known: 0, unknownRuns: 1 });
      expect(spentOfItem).to.deep.equal({ known: 0.3, unknownRuns: 1 });
      expect(position.spentToday).to.deep.equal({ known: 3.3, unknownRuns: 2 });
    });

    it('counts an execution once, however often it is told', async () => {
      await settle('run-1', [5]);
      await settle('run-1', [5]);
      await settle('run-1', [7]);
      expect(await ledger().spentOf('a')).to.deep.equal({ known: 5, unknownRuns: 0 });
      expect((await ledger().position()).spentToday).to.deep.equal({ known: 5, unknownRuns: 0 });
      expect((await ledger().accountsOf('a')).map(({ executionName }) => executionName)).to.deep.equal(['run-1']);
    });

    it('goes on where a try before was cut off: the row of the item was written, that of the day was not', async () => {
      let writes = 0;
      const dying: Pick<LockTable, 'read' | 'update'> = {
        read: bench().table.read,
        update: async (update) => {
          writes += 1;
          if (writes > 1) throw new Error('cut off');
          return bench().table.update(update);
        },
      };
      const settlement = { account: account('run-1'), runs: [agentRun('1', 5)], fruitful: true };
      await failureOf(ledgerOf(dying).settle(settlement));
      expect((await ledger().position()).spentToday.known).to.equal(0);
      await ledger().settle(settlement);
      expect((await ledger().position()).spentToday.known).to.equal(5);
      expect((await ledger().spentOf('a')).known).to.equal(5);
    });

    it('counts each run for the day, UTC, on which it began', async () => {
      const before = new Date('2026-11-01T23:59:59.999Z');
      const after = new Date('2026-11-02T00:00:00.000Z');
      await ledger({}, after).settle({
        account: account('run-1'),
        runs: [agentRun('1', 2, before.toISOString()), agentRun('2', 3, after.toISOString())],
        fruitful: true,
      });
      expect(await ledger({}, before).position()).to.deep.include({
        day: '2026-11-01',
        spentToday: { known: 2, unknownRuns: 0 },
      });
      expect(await ledger({}, after).position()).to.deep.include({
        day: '2026-11-02',
        spentToday: { known: 3, unknownRuns: 0 },
      });
      expect((await ledger().spentOf('a')).known).to.equal(5);
    });

    it('writes nothing down for an execution whose agent has not run, and closes its account', async () => {
      await ledger().reserve(account('run-1'));
      await settle('run-1', []);
      expect(await ledger().openAccounts()).to.deep.equal([]);
      expect(await ledger().accountsOf('a')).to.deep.equal([]);
      expect(await bench().table.read(creditKeys.breaker)).to.equal(null);
    });
  });

  describe('reserving', () => {
    it('gives the same account again to whoever repeats it, also when the budget has changed', async () => {
      const first = await ledger().reserve(account('run-1'));
      expect(first).to.deep.equal({
        outcome: 'reserved',
        allowance: { soft: 80, softBudget: 'item', hard: 100, hardBudget: 'item', unknownRunCredits: 1 },
      });
      expect(await ledger({ itemCredits: 1 }).reserve(account('run-1'))).to.deep.equal(first);
      expect(await ledger().openAccounts()).to.have.length(1);
    });

    it('lets those who run at the same time share what the day leaves, whoever is faster', async () => {
      const budget = { itemCredits: 100, dayCredits: 250 };
      const all = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((item) => ledger(budget).reserve(account(`run-${item}`, item))),
      );
      const granted = all.flatMap((one) => (one.outcome === 'reserved' ? [one.allowance.hard] : []));
      expect([...granted].sort()).to.deep.equal([100, 100, 50]);
      expect(all.filter(({ outcome }) => outcome === 'refused')).to.have.length(2);
      expect(all.find((one) => one.outcome === 'refused')).to.include({ reason: 'DayBudgetReserved' });
    });

    it('begins nothing from the soft stop of the day on, and tells the new day apart', async () => {
      const budget = { dayCredits: 10 };
      await settle('run-1', [7.99], { item: 'b' });
      expect((await ledger(budget).reserve(account('run-2'))).outcome).to.equal('reserved');
      await ledger().cancel('run-2');
      await settle('run-3', [0.01], { item: 'b' });
      expect(await ledger(budget).reserve(account('run-4'))).to.include({
        outcome: 'refused',
        reason: 'DayBudgetUsedUp',
      });
      const tomorrow = new Date('2026-11-02T00:00:00.000Z');
      expect((await ledger(budget, tomorrow).reserve(account('run-4'))).outcome).to.equal('reserved');
    });

    it('counts runs of unknown cost, never as nothing', async () => {
      await settle('run-1', [null, null, null, null]);
      expect(await ledger({ itemCredits: 5 }).reserve(account('run-2'))).to.deep.equal({
        outcome: 'refused',
        reason: 'ItemBudgetUsedUp',
        message:
          'The item has cost 0 credits and 4 runs of unknown cost (counted as 1 each): 80 % of 5; from 80 % on it is not begun again.',
      });
      expect((await ledger({ itemCredits: 5, unknownRunCredits: 0.5 }).reserve(account('run-2'))).outcome).to.equal(
        'reserved',
      );
    });

    it('knows budgets without a limit and of nothing', async () => {
      await settle('run-1', [1_000_000 / 20]);
      const free = await ledger({ itemCredits: null, dayCredits: null }).reserve(account('run-2'));
      expect(free).to.deep.nested.include({ 'allowance.soft': null, 'allowance.hard': null });
      await ledger().cancel('run-2');
      expect(await ledger({ dayCredits: 0 }).reserve(account('run-3', 'z'))).to.include({ reason: 'DayBudgetUsedUp' });
    });

    it('gives up with AwsUnavailable when the row never stays as it was', async () => {
      const restless: Pick<LockTable, 'read' | 'update'> = { read: bench().table.read, update: async () => null };
      expect((await failureOf(ledgerOf(restless).reserve(account('run-1')))).name).to.equal('AwsUnavailable');
    });
  });

  describe('the circuit breaker', () => {
    const budget = { breakerRuns: 2, breakerMinutes: 60 };
    const later = (minutes: number) => new Date(AT.getTime() + minutes * 60_000);
    const fruitless = (run: string, at = AT) => settle(run, [1], { fruitful: false, budget, at });

    it('opens after so many fruitless runs in a row, and knows the run that opened it, also when that is told twice', async () => {
      expect((await fruitless('run-1')).openedBreaker).to.equal(false);
      expect((await fruitless('run-1')).openedBreaker).to.equal(false);
      await settle('run-2', [1]);
      expect((await fruitless('run-3')).openedBreaker, 'a good run lies between').to.equal(false);
      expect((await fruitless('run-4')).openedBreaker).to.equal(true);
      expect((await fruitless('run-4')).openedBreaker).to.equal(true);
      expect(await ledger(budget).reserve(account('run-5'))).to.deep.equal({
        outcome: 'refused',
        reason: 'BreakerOpen',
        message:
          '2 runs in a row spent credits and finished no task: nothing more is begun. One item is tried again after 2026-11-01T11:00:00.000Z.',
      });
    });

    it('is not opened again by runs that had begun before it opened, so that it tries again when it said', async () => {
      await fruitless('run-1');
      await fruitless('run-2');
      expect((await fruitless('run-3', later(59))).openedBreaker).to.equal(false);
      expect((await ledger(budget, later(60)).reserve(account('run-4'))).outcome).to.equal('reserved');
      expect((await fruitless('run-4', later(61))).openedBreaker, 'the one that tried').to.equal(true);
    });

    it('does not count runs that spent nothing', async () => {
      for (const run of ['run-1', 'run-2', 'run-3']) await settle(run, [0], { fruitful: false, budget });
      await settle('run-4', [], { fruitful: false, budget });
      expect((await ledger(budget).reserve(account('run-5'))).outcome).to.equal('reserved');
    });

    it('lets one item through when its time is over; its end opens or closes it', async () => {
      await fruitless('run-1');
      await fruitless('run-2');
      const half = ledger(budget, later(60));
      expect((await half.reserve(account('run-3'))).outcome).to.equal('reserved');
      expect(await half.reserve(account('run-4', 'b'))).to.include({ reason: 'BreakerTrial' });
      await fruitless('run-3', later(61));
      expect(await ledger(budget, later(61)).reserve(account('run-5'))).to.include({ reason: 'BreakerOpen' });
      await settle('run-6', [1], { budget, at: later(200) });
      expect((await ledger(budget, later(200)).reserve(account('run-7'))).outcome).to.equal('reserved');
    });

    it('is closed by a person, or stays open without one where no time is set', async () => {
      const forever = { ...budget, breakerMinutes: null };
      await fruitless('run-1');
      await fruitless('run-2');
      expect(await ledger(forever, later(100_000)).reserve(account('run-3'))).to.include({ reason: 'BreakerOpen' });
      await ledger(budget).closeBreaker();
      expect((await ledger(forever).reserve(account('run-3'))).outcome).to.equal('reserved');
      expect((await fruitless('run-4')).openedBreaker, 'it counts anew').to.equal(false);
    });

    it('is never open where the budget switches it off', async () => {
      await fruitless('run-1');
      await fruitless('run-2');
      expect((await ledger({ breakerRuns: null }).reserve(account('run-3'))).outcome).to.equal('reserved');
    });
  });

  describe('with twenty at once', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    const sum = (numbers: readonly number[]) => Math.round(numbers.reduce((a, b) => a + b, 0) * 100) / 100;

    it('gives away exactly what the day leaves', async () => {
      const budget = { itemCredits: 30, dayCredits: 100 };
      const all = await Promise.all(twenty.map((run) => ledger(budget).reserve(account(run, run))));
      const granted = all.flatMap((one) => (one.outcome === 'reserved' ? [one.allowance.hard ?? 0] : []));
      expect([sum(granted), granted.length]).to.deep.equal([100, 4]);
      expect((await ledger(budget).position()).reserved).to.equal(100);
    });

    it('writes down each of them once, also when each is told twice at the same moment, and closes every account', async () => {
      for (const run of twenty) await ledger({ dayCredits: null }).reserve(account(run));
      await Promise.all([...twenty, ...twenty].map((run) => settle(run, [0.25, null], { fruitful: false })));
      expect(await ledger().spentOf('a')).to.deep.equal({ known: 5, unknownRuns: 20 });
      const { spentToday, openAccounts, reserved, breaker } = await ledger().position();
      expect({ spentToday, openAccounts, reserved }).to.deep.equal({
        spentToday: { known: 5, unknownRuns: 20 },
        openAccounts: 0,
        reserved: 0,
      });
      expect(breaker.recent.map(({ execution }) => execution))
        .to.have.members(twenty)
        .and.have.length(20);
    });
  });

  it('does not take rows of items and slots for its own', async () => {
    await bench().table.update({
      key: 'credits#item#a',
      set: { note: text('x') },
      condition: 'attribute_not_exists(#pk)',
    });
    expect(await ledger().spentOf('a')).to.deep.equal({ known: 0, unknownRuns: 0 });
  });
});
