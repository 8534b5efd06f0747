import { expect } from 'chai';
import type { CreditBudget } from '../../../domain/credit-budget';
import { WorkerError } from '../../../domain/errors';
import type { Spending } from '../../../domain/spending';
import { recordSpending } from '../../../lambdas/record-spending/record-spending';
import { failureOf } from '../../support/failure-of';
import { locksBench } from '../../support/locks-table';
import { AT, agentRun, ledgerOf } from '../../support/spendings';
import { leaseOf, workItem } from '../../support/work-items';

describe('recordSpending', () => {
  const bench = locksBench();
  const comments: { subject: string; marker: string; body: string }[] = [];
  beforeEach(() => {
    comments.length = 0;
  });
  const spending = (change: Partial<Spending> = {}): string =>
    JSON.stringify({
      version: 1,
      itemId: 'PVTI_1',
      fence: 1,
      runs: [agentRun('1', 2), agentRun('2', null)],
      ...change,
    });

  const record = (
    text: string | null,
    {
      run = 'run-1',
      fruitful = true,
      dryRun = false,
      budget = {} as Partial<CreditBudget>,
      fail = false,
      silent = false,
    } = {},
  ) =>
    recordSpending(
      { item: workItem(), lease: leaseOf(), executionName: run, fruitful, dryRun },
      {
        artifacts: {
          readText: async (key) => {
            if (fail) throw new WorkerError('AwsUnavailable', 'no');
            expect(key).to.equal(`builds/${run}/build/spending.json`);
            return text;
          },
        },
        credits: ledgerOf(bench().table, budget),
        comments: {
          put: async (subject, marker, body) => {
            if (silent) throw new WorkerError('GitHubUnavailable', 'GitHub answered 502.');
            comments.push({ subject, marker, body });
          },
        },
        environment: 'test',
        commandOption: ' --env test',
        now: () => AT,
      },
    );

  it('writes down what the build said, and says what that leaves', async () => {
    expect(await record(spending())).to.deep.equal({
      outcome: 'recorded',
      note: null,
      report: {
        execution: { known: 2, unknownRuns: 1 },
        item: { known: 2, unknownRuns: 1 },
        day: { known: 2, unknownRuns: 1, date: '2026-11-01' },
        budget: { item: 100, day: 300, unknownRunCredits: 1 },
      },
    });
    await record(spending());
    expect(await ledgerOf(bench().table).spentOf('PVTI_1')).to.deep.equal({ known: 2, unknownRuns: 1 });
  });

  it('takes a build that wrote nothing for one whose agent has not run', async () => {
    expect((await record(null)).outcome).to.equal('nothing-spent');
  });

  it('counts a run of unknown cost where the file says nothing that can be believed', async () => {
    const bad = ['{', '{}', spending({ itemId: 'other' }), spending({ runs: [agentRun('1', -5)] })];
    for (const [index, text] of bad.entries()) {
      const { report } = await record(text, { run: `run-${index}` });
      expect(report.execution, text).to.deep.equal({ known: 0, unknownRuns: 1 });
    }
  });

  it('fails when the file cannot be read: the account stays open for the next try', async () => {
    expect((await failureOf(record(spending(), { fail: true }))).name).to.equal('AwsUnavailable');
    expect(await ledgerOf(bench().table).accountsOf('PVTI_1')).to.deep.equal([]);
  });

  it('tells the issue whose run has opened the circuit breaker, in a dry run nobody', async () => {
    const budget = { breakerRuns: 2 };
    await record(spending(), { run: 'run-1', fruitful: false, budget });
    expect(comments).to.deep.equal([]);
    const opened = await record(spending(), { run: 'run-2', fruitful: false, budget });
    expect(opened.outcome).to.equal('breaker-opened');
    expect(comments).to.have.length(1);
    expect(comments[0]).to.include({ subject: 'I_1', marker: '<!-- kiro-codebuild-worker:breaker:PVTI_1 -->' });
    expect(comments[0]?.body).to.match(/circuit breaker of the environment test has opened with this run/);
    expect(comments[0]?.body).to.contain('kiro-worker breaker close --env test');
    const dry = await record(spending(), { run: 'run-3', fruitful: false, budget, dryRun: true });
    expect(dry.outcome, 'it is open already').to.equal('recorded');
    expect(comments).to.have.length(1);
    expect(await ledgerOf(bench().table).untoldBreaker()).to.equal(null);
    await ledgerOf(bench().table).closeBreaker();
    for (const run of ['run-4', 'run-5']) await record(spending(), { run, fruitful: false, budget, dryRun: true });
    expect(comments).to.have.length(1);
    expect((await ledgerOf(bench().table).position()).breaker.opened?.execution).to.equal('run-5');
    expect(await ledgerOf(bench().table).untoldBreaker(), 'no tick tells of a dry run, either').to.equal(null);
  });

  it('writes nothing in a dry run that opens it again, also when nobody has told of the first time yet', async () => {
    const budget = { breakerRuns: 1, breakerMinutes: 60 };
    const account = { executionName: 'run-1', item: workItem(), dryRun: false };
    const earlier = ledgerOf(bench().table, budget, new Date(AT.getTime() - 7_200_000));
    await earlier.settle({ account, runs: [agentRun('1', 2)], fruitful: false });
    expect(await earlier.untoldBreaker()).to.include({ executionName: 'run-1' });
    const dry = await record(spending(), { run: 'run-2', fruitful: false, budget, dryRun: true });
    expect(dry).to.include({ outcome: 'breaker-opened', note: null });
    expect(comments).to.deep.equal([]);
  });

  it('leaves it to the next tick to tell the issue when GitHub is not there', async () => {
    const budget = { breakerRuns: 1 };
    const { outcome, note } = await record(spending(), { fruitful: false, budget, silent: true });
    expect([outcome, note]).to.deep.equal([
      'breaker-opened',
      `#${workItem().issueNumber} could not be told that it has opened the circuit breaker: GitHub answered 502.`,
    ]);
    expect(await ledgerOf(bench().table).untoldBreaker()).to.deep.equal({ executionName: 'run-1', item: workItem() });
    const again = await record(spending(), { fruitful: false, budget });
    expect([again.outcome, comments.length], 'a retry of the state').to.deep.equal(['breaker-opened', 1]);
    expect(await ledgerOf(bench().table).untoldBreaker()).to.equal(null);
  });

  it('learns nothing from a dry run that finishes tasks: it neither closes the breaker nor counts', async () => {
    const budget = { breakerRuns: 2, breakerMinutes: null };
    const streak = async () =>
      (await ledgerOf(bench().table).position()).breaker.recent.map(({ fruitless }) => fruitless);
    await record(spending(), { run: 'run-1', fruitful: false, budget });
    await record(spending(), { run: 'dry-1', fruitful: true, dryRun: true, budget });
    expect(await streak()).to.deep.equal([true]);
    expect((await record(spending(), { run: 'run-2', fruitful: false, budget })).outcome).to.equal('breaker-opened');
    await record(spending(), { run: 'dry-2', fruitful: true, dryRun: true, budget });
    expect((await ledgerOf(bench().table).position()).breaker.opened).to.not.equal(null);
  });
});
