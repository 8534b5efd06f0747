import { expect } from 'chai';
import { githubBoardStatus } from '../../../adapters/github/board-status';
import type { Lease } from '../../../domain/lease';
import { announceStart } from '../../../lambdas/announce-start/announce-start';
import { failureOf } from '../../support/failure-of';
import { STATUSES, settingsOf } from '../../support/github-bench';
import { executionOf } from '../../support/work-items';
import { pollBench } from '../poll-work-items/poll-bench';

describe('announceStart', () => {
  const bench = pollBench();
  beforeEach(() => bench().github.plant({ rows: [{ number: 1 }] }));

  const take = async (run = 'run-1'): Promise<Lease> => {
    const item = bench().item(1);
    const answer = await bench()
      .locks()
      .locks()
      .acquire({ item, owner: executionOf(run), dryRun: false });
    if (answer.outcome !== 'acquired') throw new Error(answer.message);
    return answer.lease;
  };
  const announce = (lease: Lease, change: { redrive?: boolean; dryRun?: boolean } = {}) => {
    const settings = async () => settingsOf();
    const board = githubBoardStatus({ settings, run: bench().github.run, pause: async () => undefined });
    const input = { item: bench().item(1), lease, redrive: false, dryRun: false, ...change };
    return announceStart(input, { settings, board, locks: bench().locks().locks() });
  };

  it('shows a ready item as in progress', async () => {
    expect(await announce(await take())).to.deep.equal({
      outcome: 'announced',
      message: 'The item is in "In progress".',
    });
    expect(bench().statusOf(1)).to.equal('In progress');
  });

  for (const status of STATUSES.filter((name) => name !== 'Ready'))
    it(`leaves an item alone that somebody has moved to "${status}" since the poll`, async () => {
      const lease = await take();
      bench().move(1, status);
      expect(await announce(lease)).to.deep.equal({
        outcome: 'no-longer-ready',
        message: `The item is in "${status}" now; somebody else has moved it since the poll.`,
      });
      expect(bench().statusOf(1)).to.equal(status);
    });

  it('does not begin an item that is moved, archived or taken off while it is announced', async () => {
    for (const [end, words] of [
      ['overtaken', /in "Backlog" now/],
      ['gone', /archived, or was taken off the board/],
    ] as const) {
      const lease = await take();
      const board = {
        read: async () => (asked++ === 0 ? 'Ready' : end === 'gone' ? null : 'Backlog'),
        write: async () => end,
      };
      let asked = 0;
      const input = { item: bench().item(1), lease, redrive: false, dryRun: false };
      const deps = { settings: async () => settingsOf(), board, locks: bench().locks().locks() };
      const answer = await announceStart(input, deps);
      expect(answer.outcome).to.equal('no-longer-ready');
      expect(answer.message).to.match(words);
      await bench().locks().locks().release(lease, 'free');
    }
  });

  it('goes on when it is retried after a write whose answer was lost', async () => {
    const lease = await take();
    bench().github.github.faults.add({ kind: 'unavailable', status: 502, operation: 'SetStatus', afterEffect: true });
    expect((await failureOf(announce(lease))).name).to.equal('GitHubUnavailable');
    expect(bench().statusOf(1)).to.equal('In progress');
    expect((await announce(lease)).outcome).to.equal('announced');
  });

  it('goes on with an item in progress whose execution before died', async () => {
    await announce(await take());
    bench().locks().executions.set(executionOf('run-1'), 'died');
    const second = await take('run-2');
    expect(second.attempt).to.equal(2);
    expect((await announce(second)).outcome).to.equal('announced');
  });

  it('starts what needs attention, or is still in progress, when somebody redrives it', async () => {
    for (const status of ['Needs attention', 'In progress']) {
      const lease = await take(status);
      bench().move(1, status);
      expect((await announce(lease, { redrive: true })).outcome, status).to.equal('announced');
      expect(bench().statusOf(1)).to.equal('In progress');
      await bench().locks().locks().release(lease, 'free');
    }
  });

  it('does not start finished work again, not even when it is redriven', async () => {
    bench().move(1, 'In review');
    expect((await announce(await take(), { redrive: true })).outcome).to.equal('no-longer-ready');
  });

  it('writes nothing without the lease', async () => {
    const lease = await take();
    bench().locks().executions.set(executionOf('run-1'), 'died');
    await take('run-2');
    const error = await failureOf(announce(lease));
    expect(error.name).to.equal('LeaseLost');
    expect(error.message).to.match(/fence 1\) is no longer current/);
    expect(bench().statusOf(1)).to.equal('Ready');
  });

  it('writes nothing in a dry run', async () => {
    const lease = await take();
    expect(await announce(lease, { dryRun: true })).to.deep.equal({
      outcome: 'announced',
      message: 'A dry run leaves the item in "Ready".',
    });
    expect(bench().statusOf(1)).to.equal('Ready');
    expect(await bench().locks().locks().hasBegun(lease)).to.equal(false);
  });
});
