import { expect } from 'chai';
import { WorkerError } from '../../../domain/errors';
import type { Verdict } from '../../../domain/verdict';
import { publishResult, verdict } from '../../support/build-results';
import { failureOf } from '../../support/failure-of';
import { NOW } from '../../support/github-bench';
import { agentRun, ledgerOf } from '../../support/spendings';
import { executionOf, workItem } from '../../support/work-items';
import { pollBench, type Tick } from './poll-bench';

const reasonsIn = ({ receipt }: Tick) =>
  Object.fromEntries(receipt.entries.map(({ title, decision, reason }) => [title, `${decision}: ${reason}`]));

describe('pollWorkItems, with a budget,', () => {
  const bench = pollBench();
  const ledger = () => ledgerOf(bench().locks().table, {}, NOW);
  const spend = (run: string, itemId: string, credits: number | null, fruitful = true) =>
    ledger().settle({
      account: { executionName: run, item: workItem({ itemId }), dryRun: false },
      runs: [agentRun('1', credits, NOW.toISOString())],
      fruitful,
    });
  const account = (run: string, number: number) => ({
    executionArn: executionOf(run),
    executionName: run,
    item: bench().item(number),
    dryRun: false,
  });
  const writeSpending = (run: string, credits: readonly (number | null)[]) =>
    bench().files.set(
      `builds/${run}/build/spending.json`,
      JSON.stringify({
        version: 1,
        itemId: bench().item(1).itemId,
        fence: 1,
        runs: credits.map((each, index) => agentRun(String(index), each, NOW.toISOString())),
      }),
    );

  it("begins nothing from the day's soft stop on, asks for no branch, and says so for each item", async () => {
    await bench().github.plant({ rows: [{ number: 1 }, { number: 2 }] });
    await spend('run-0', 'other', 8);
    const tick = await bench().poll({ budget: { dayCredits: 10 } });
    expect(tick.outcome).to.equal('stopped');
    expect(tick.message).to.equal('Stopped by the budget or the circuit breaker: 2 waiting, 0 refused.');
    expect(reasonsIn(tick)).to.deep.equal({
      'Issue 1': 'waiting: DayBudgetUsedUp',
      'Issue 2': 'waiting: DayBudgetUsedUp',
    });
    expect(tick.receipt.entries[0]?.message).to.match(/^8 credits were spent on .* \(UTC\): 80 % of 10; from 80 % on/);
    expect(tick.receipt.requests).to.equal(2);
  });

  it('is idle, not stopped, when the budget is used up and nothing wants to begin', async () => {
    await bench().github.plant({ rows: [] });
    await spend('run-0', 'other', 10);
    expect((await bench().poll({ budget: { dayCredits: 10 } })).outcome).to.equal('idle');
  });

  it('refuses the one item that has used its own budget up, and takes the next', async () => {
    await bench().github.plant({ rows: [{ number: 1 }, { number: 2 }] });
    await spend('run-0', bench().item(1).itemId, 80);
    const tick = await bench().poll();
    expect(tick.numbers).to.deep.equal([2]);
    expect(reasonsIn(tick)).to.deep.include({ 'Issue 1': 'refused: ItemBudgetUsedUp' });
    expect((await bench().poll({ budget: { itemCredits: 200 } })).numbers, 'the limit has been raised').to.deep.equal([
      1,
    ]);
  });

  it('settles what an execution has spent that was killed, once, and frees what it had reserved', async () => {
    await bench().github.plant({ rows: [{ number: 1 }] });
    await ledger().reserve(account('killed', 1));
    writeSpending('killed', [2.5, null]);
    await bench().poll();
    expect(await ledger().openAccounts(), 'it runs').to.have.length(1);
    bench().locks().executions.set(executionOf('killed'), 'unknown');
    await bench().poll();
    expect(await ledger().openAccounts(), 'nobody can say whether it runs').to.have.length(1);
    bench().locks().executions.set(executionOf('killed'), 'died');
    await bench().poll({ dryRun: true });
    expect(await ledger().openAccounts(), 'a dry run changes nothing').to.have.length(1);
    await bench().poll();
    await bench().poll();
    expect(await ledger().openAccounts()).to.deep.equal([]);
    expect(await ledger().spentOf(bench().item(1).itemId)).to.deep.equal({ known: 2.5, unknownRuns: 1 });
    expect((await ledger().position()).breaker.recent).to.deep.include({
      execution: 'killed',
      itemId: bench().item(1).itemId,
      fruitless: true,
      at: NOW.toISOString(),
    });
  });

  /** The tick that settles a killed run, the third in a row without fruit: it opens the circuit breaker. */
  const killed = async (change: Parameters<ReturnType<typeof bench>['poll']>[0] = {}) => {
    await bench().github.plant({ rows: [{ number: 1 }] });
    await spend('run-1', 'x', 1, false);
    await spend('run-2', 'y', 1, false);
    await ledger().reserve(account('killed', 1));
    writeSpending('killed', [1]);
    bench().locks().executions.set(executionOf('killed'), 'died');
    return bench().poll(change);
  };

  it('tells the issue whose killed run has opened the circuit breaker, and stops', async () => {
    const tick = await killed();
    expect([tick.outcome, reasonsIn(tick)]).to.deep.equal(['stopped', { 'Issue 1': 'waiting: BreakerOpen' }]);
    const comments = bench().github.github.model.all('IssueComment');
    expect(comments.map(({ body }) => body.split('\n')[1])).to.deep.equal([
      '**The circuit breaker of the environment test has opened with this run.** 3 runs in a row spent credits and finished no task: nothing more is begun. One item is tried again after ' +
        `${new Date(NOW.getTime() + 6 * 3_600_000).toISOString()}.`,
    ]);
  });

  describe('when the issue of the run that opened the circuit breaker cannot be told,', () => {
    const put = async (): Promise<void> => {
      throw new WorkerError('GitHubUnavailable', 'GitHub answered 502.');
    };
    const told = () => bench().github.github.model.all('IssueComment').length;

    it('the next tick tells it, once, and the tick itself does what it has to do', async () => {
      const tick = await killed({ change: { comments: { put } } });
      expect(tick.outcome).to.equal('stopped');
      expect(tick.message).to.match(
        /#\d+ could not be told that it has opened the circuit breaker: GitHub answered 502\./,
      );
      expect(await ledger().openAccounts(), 'no money is held for it').to.deep.equal([]);
      expect((await bench().poll({ change: { comments: { put } } })).outcome).to.equal('stopped');
      expect(told()).to.equal(0);
      await bench().poll({ dryRun: true });
      expect(told(), 'a dry run writes nothing').to.equal(0);
      await bench().poll();
      expect(told()).to.equal(1);
      await bench().poll({ change: { comments: { put } } });
      expect(await ledger().untoldBreaker()).to.equal(null);
    });

    it('a tick that then cannot read the board says so, too', async () => {
      const find = async (): Promise<never> => {
        throw new WorkerError('GitHubUnavailable', 'GitHub answered 503.');
      };
      const pages = async function* () {
        yield await find();
      };
      const boards = { find, pages, linkedBranches: find, branchFacts: find };
      const tick = await killed({ change: { comments: { put }, boards } });
      expect(tick.outcome).to.equal('github-unavailable');
      expect(tick.receipt.message).to.match(/^GitHub answered 503\..* #\d+ could not be told that it has opened/);
    });

    it('nobody is told any more once a person has closed it', async () => {
      await killed({ change: { comments: { put } } });
      await ledger().closeBreaker();
      await bench().poll();
      expect(told()).to.equal(0);
    });
  });

  it('calls an execution that did not settle fruitful by the rule of the pipeline: what arrived finishes a task, or is green', async () => {
    await bench().github.plant({ rows: [{ number: 1 }] });
    const fruitless = async (run: string, change: Partial<Verdict> | null, published: boolean) => {
      await ledger().closeBreaker();
      await ledger().reserve(account(run, 1));
      writeSpending(run, [1]);
      if (change) bench().files.set(`verdicts/${run}.json`, JSON.stringify(verdict(change)));
      if (published) bench().files.set(`builds/${run}/publish/publish.json`, JSON.stringify(publishResult()));
      bench().locks().executions.set(executionOf(run), 'died');
      await bench().poll();
      return (await ledger().position()).breaker.recent.at(-1)?.fruitless;
    };
    expect(await fruitless('run-1', { kind: 'red', finishedTasks: 1 }, true)).to.equal(false);
    expect(await fruitless('run-2', { kind: 'green', finishedTasks: 0 }, true)).to.equal(false);
    expect(await fruitless('run-3', { kind: 'red', finishedTasks: 0 }, true), 'a steering commit at most').to.equal(
      true,
    );
    expect(await fruitless('run-4', { kind: 'green', finishedTasks: 2 }, false), 'it never arrived').to.equal(true);
    expect(await fruitless('run-5', null, true), 'nobody knows what arrived').to.equal(true);
    bench().files.set('builds/run-6/publish/publish.json', '{"version":1');
    expect(await fruitless('run-6', { kind: 'green', finishedTasks: 2 }, false), 'it cannot be read').to.equal(true);
  });

  it('takes one item, however many slots are free, when the circuit breaker tries again', async () => {
    await bench().github.plant({ rows: [{ number: 1 }, { number: 2 }] });
    const earlier = ledgerOf(bench().locks().table, {}, new Date(NOW.getTime() - 7 * 3_600_000));
    for (const run of ['run-1', 'run-2', 'run-3'])
      await earlier.settle({ account: account(run, 1), runs: [agentRun('1', 1)], fruitful: false });
    const tick = await bench().poll({ slots: 2 });
    expect([tick.numbers, tick.receipt.freeSlots]).to.deep.equal([[1], 1]);
  });

  it('fails, and leaves a receipt, when the budget cannot be read: nothing is begun without one', async () => {
    await bench().github.plant({ rows: [{ number: 1 }] });
    const position = async () => {
      throw new WorkerError('BudgetInvalid', 'The parameter is not JSON.');
    };
    const error = await failureOf(bench().poll({ change: { credits: { ...ledger(), position } } }));
    expect(error.name).to.equal('BudgetInvalid');
    expect(bench().receipts.at(-1)).to.include({ outcome: 'failed', message: 'The parameter is not JSON.' });
  });
});

describe('a tick that begins nothing', () => {
  const bench = pollBench();

  it('says whether there was nothing to do, whether all wait, or whether a person is needed', async () => {
    await bench().github.plant({ rows: [{ number: 1 }, { number: 2, values: { Branch: 'a b' } }] });
    const taken = bench().locks().locks(1);
    await taken.acquire({ item: { ...bench().item(1), itemId: 'other' }, owner: executionOf('x'), dryRun: false });
    expect((await bench().poll()).outcome, 'one is refused').to.equal('refused');
    bench().move(2, 'Backlog');
    const waiting = await bench().poll();
    expect(waiting.outcome).to.equal('waiting');
    expect(waiting.message).to.equal('Everything has to wait: 2 waiting, 0 refused.');
    bench().move(1, 'Backlog');
    const free = { locks: bench().locks().locks(1), rows: async () => [] };
    const idle = await bench().poll({ change: { locks: { ...free.locks, rows: free.rows } } });
    expect([idle.outcome, idle.message]).to.deep.equal(['idle', 'Nothing to do: no item is ready.']);
    expect(idle.counts).to.deep.equal({ taken: 0, waiting: 0, refused: 0, reconciled: 0, parked: 0 });
  });
});
