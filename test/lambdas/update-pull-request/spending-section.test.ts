import { expect } from 'chai';
import { spendingSection } from '../../../lambdas/update-pull-request/spending-section';
import { agentRun, spendingReport } from '../../support/spendings';
import { pullRequestBench } from './pull-request-bench';

describe('spendingSection', () => {
  it('says what the run has cost, task by task, and what that leaves of the budgets', () => {
    const runs = [agentRun('1.1', 2.25), { ...agentRun('1.2', 1.25), endedAt: '2026-11-01T10:01:30.000Z' }];
    expect(spendingSection({ report: spendingReport(), runs })).to.deep.equal([
      '## Spending',
      '',
      'This run: 3.5 credits.',
      '',
      '| | credits | runs of unknown cost | of the budget |',
      '|---|---|---|---|',
      '| This item, all runs | 13.5 | – | 13.5 of 100 (14 %) |',
      '| The environment on 2026-11-01 (UTC) | 40 | 2 | 42 of 300 (14 %) |',
      '',
      '_A run of unknown cost counts as 1._',
      '',
      '| task | credits | time |',
      '|---|---|---|',
      '| 1.1 | 2.25 | 0 s |',
      '| 1.2 | 1.25 | 90 s |',
      '',
    ]);
  });

  it('never passes a run of unknown cost off as free', () => {
    const budget = { item: null, day: 0, unknownRunCredits: 2 };
    const report = spendingReport({
      budget,
      item: { known: 0, unknownRuns: 2 },
      execution: { known: 0, unknownRuns: 2 },
    });
    const runs = [agentRun('1', null), { ...agentRun('2', null), endedAt: null }];
    const text = spendingSection({ report, runs: [...runs, agentRun('3', 1)] });
    expect(text).to.include('This run: 1 credit and 2 runs of unknown cost (counted as 2 each): 5 in all.');
    expect(text).to.include('| 1 | unknown | 0 s |').and.to.include('| 2 | unknown | – |');
    expect(text).to.include('| This item, all runs | 0 | 2 | no limit |');
    expect(text.join('\n')).to.match(/\| 44 of 0 \|/);
  });

  it('has no table of tasks where the agent says of none what it cost', () => {
    const text = spendingSection({ report: spendingReport(), runs: [agentRun('1', null)] });
    expect(text).to.include('This run: 0 credits and 1 run of unknown cost (counted as 1 each): 1 in all.');
    expect(text.join('\n')).to.contain('13.5 of 100').and.to.not.contain('| task |');
  });

  it('is one line where no budget is set and the agent does not say what it costs', () => {
    const unknown = { known: 0, unknownRuns: 2 };
    const budget = { item: null, day: null, unknownRunCredits: 1 };
    const report = spendingReport({
      budget,
      execution: unknown,
      item: unknown,
      day: { ...unknown, date: '2026-11-01' },
    });
    const runs = [agentRun('1', null), agentRun('2', null)];
    expect(spendingSection({ report, runs })).to.deep.equal([
      '## Spending',
      '',
      '2 runs of the agent. It does not say what a run costs, and no budget is set.',
      '',
    ]);
    const idle = spendingReport({ budget, execution: unknown, item: unknown, day: report.day });
    expect(spendingSection({ report: idle, runs: [] })).to.deep.equal([
      '## Spending',
      '',
      'The agent has not run.',
      '',
    ]);
  });

  it('counts runs of unknown cost as nothing in particular where no budget is set', () => {
    const report = spendingReport({ budget: { item: null, day: null, unknownRunCredits: 1 } });
    const text = spendingSection({ report, runs: [agentRun('1', 2), agentRun('2', null)] });
    expect(text).to.include('This run: 2 credits and 1 run of unknown cost.');
    expect(text.join('\n')).to.contain('| no limit |').and.to.not.contain('counts as');
  });

  it('is harmless whatever a task is called', () => {
    const section = spendingSection({ report: null, runs: [agentRun('1 | <b> @octocat', 1)] }).join('\n');
    expect(section).to.contain('1 \\| \\<b\\> @\u200boctocat').and.to.contain('could not be written down yet');
  });

  it('is absent where nobody knows anything of a run', () => {
    expect(spendingSection({ report: null, runs: [] })).to.deep.equal([]);
    expect(spendingSection({ report: spendingReport(), runs: [] })).to.include('The agent has not run.');
  });
});

describe('updatePullRequest, spending,', () => {
  const { update, pulls } = pullRequestBench();

  it('shows it in the pull request', async () => {
    await update({ runs: [agentRun('1', 3.5)], spending: spendingReport() });
    expect(pulls()[0]?.body).to.contain('This run: 3.5 credits.').and.to.contain('13.5 of 100 (14 %)');
  });
});
