import { join } from 'node:path';
import { expect } from 'chai';
import { budgetReportSchema } from '../../cli/budget-report';
import { explanationSchema } from '../../cli/explain/explanation';
import { temporaryFolder } from '../support/temporary-folder';
import { runCli } from './support/run-cli';
import { bareProject, makeProject, specFiles, writeBoard } from './support/small-repositories';

describe('budgets and the circuit breaker, through the command line,', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const cli = (...args: readonly string[]) => runCli(args, { cwd: folder() });
  const json = async (...args: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await cli(...args, '--json');
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };
  const explain = async (item: string) => explanationSchema.parse(await json('explain', item));
  const budget = async () => budgetReportSchema.parse(await json('budget', 'show'));
  const names = ['a', 'b', 'c', 'd'];

  /** Four items, each with a branch and a task of its own. */
  const plant = async (): Promise<void> => {
    const branches = Object.fromEntries(names.map((name) => [`feature/${name}`, specFiles(name, ['be done'])]));
    await makeProject(join(folder(), 'repository'), bareProject, branches);
    writeBoard(
      join(folder(), 'board.json'),
      names.map((name) => ({ title: `Do ${name}`, branch: `feature/${name}` })),
    );
  };
  const run = (agent: string) => cli('run', '--repo', 'repository', '--board', 'board.json', '--agent', agent);

  /** An empty board makes the local state, and whoever names a command as the agent begins without limits. */
  const keepBudget = async (): Promise<void> => {
    writeBoard(join(folder(), 'empty.json'), []);
    const end = await cli('run', '--repo', 'repository', '--board', 'empty.json', '--agent', 'true');
    expect(end.code, end.stderr).to.equal(0);
    expect((await budget()).budget).to.include({ itemCredits: null, dayCredits: null, breakerRuns: null });
    await cli('budget', 'set', '--item', '100', '--day', '300', '--breaker-runs', '3');
  };

  it('stop after three runs that spend and bring nothing, say so everywhere, and go on when a person closes the breaker', async () => {
    await plant();
    await keepBudget();
    const end = await run('echo thinking; exit 1');
    expect(end.code).to.equal(3);
    expect(end.stdout).to.contain('Tick stopped: Stopped by the budget or the circuit breaker: 1 waiting, 0 refused.');

    const shown = await budget();
    expect(shown.day).to.include({ known: 0, unknownRuns: 3, reserved: 0 });
    expect(shown.breaker).to.include({ state: 'open', fruitlessRuns: 3 });
    expect(shown.refusal).to.include({ reason: 'BreakerOpen' });
    expect((await cli('budget', 'show')).stdout).to.match(
      /breaker\s+open; 3 of 3 runs in a row[\s\S]*Nothing is begun now/,
    );

    const waits = await explain('4');
    expect(waits.state).to.equal('stopped');
    expect(waits.why).to.contain('3 runs in a row spent credits and finished no task');
    expect(waits.evidence.decision).to.include({ decision: 'waiting', reason: 'BreakerOpen' });
    const failed = await explain('#1');
    expect(failed.state).to.equal('needs-person');
    expect(failed.why).to.contain('AgentDied');
    expect(failed.evidence.executions[0]).to.include({ status: 'FAILED', credits: 0, unknownRuns: 1 });

    const ticks = (await json('ticks')) as { readonly ticks: readonly { readonly outcome: string }[] };
    const outcomes = ticks.ticks.map(({ outcome }) => outcome);
    expect(outcomes, 'idle: of the empty board').to.deep.equal(['stopped', 'items', 'items', 'items', 'idle']);

    const redriven = await cli('dlq', 'redrive', failed.evidence.deadLetters[0]?.id ?? '');
    expect(redriven.stdout, 'a redrive is refused, and its dead letter comes back').to.contain('failed');
    const letters = (await json('dlq', 'list')) as { readonly deadLetters: readonly { readonly error: string }[] };
    expect(letters.deadLetters.map(({ error }) => error))
      .to.include('BreakerOpen')
      .and.have.length(3);

    expect((await cli('breaker', 'close')).stdout).to.contain('Closed.');
    expect((await budget()).refusal).to.equal(null);
    expect((await explain('4')).state).to.equal('next');
  });

  it('keep an item from beginning whose budget is used up, until the budget is raised', async () => {
    await plant();
    const end = await run('echo "$KIRO_WORKER_TASK_ID" > done.txt');
    expect(end.stdout).to.not.contain('CreditsUsedUp');
    const set = await cli('budget', 'set', '--item', '1', '--day', 'none', '--breaker-runs', 'none');
    expect(set.stdout)
      .to.contain('itemCredits: 1')
      .and.to.contain('dayCredits: none')
      .and.to.contain('within 5 minutes');
    await cli('board', 'move', '1', 'Ready');
    const again = await run('echo never > never.txt');
    expect(again.stdout).to.contain('Tick refused:');
    const refused = await explain('1');
    expect(refused.state).to.equal('refused');
    expect(refused.evidence.decision).to.include({ decision: 'refused', reason: 'ItemBudgetUsedUp' });
    expect((await budget()).budget).to.include({ itemCredits: 1, dayCredits: null, breakerRuns: null });
    await cli('budget', 'set', '--item', '50');
    expect((await explain('1')).state).to.equal('next');
  });

  it('refuse what makes no sense, and say what would', async () => {
    for (const [args, words] of [
      [['budget', 'set'], 'Nothing to change.'],
      [['budget', 'set', '--item', 'much'], '--item is "much". Give a number, or "none" for no limit.'],
      [['budget', 'show'], 'There is no local state in'],
      [['budget', 'show', '--env', 'moon'], 'There is no environment "moon".'],
      [['explain'], 'ITEM is missing.'],
      [['ticks', '--limit', '0'], '--limit is "0". Give a whole number from 1 to 1000.'],
    ] as const) {
      const { code, stderr } = await cli(...args);
      expect([code, stderr], args.join(' ')).to.satisfy(
        ([exit, text]: [number, string]) => exit === 2 && text.includes(words),
      );
    }
  });
});
