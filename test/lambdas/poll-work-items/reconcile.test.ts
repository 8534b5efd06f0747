import { expect } from 'chai';
import { deadLetterSchema } from '../../../domain/dead-letter';
import type { ExecutionLife } from '../../../domain/lock-row';
import { failureOf } from '../../support/failure-of';
import { NOW } from '../../support/github-bench';
import { executionOf } from '../../support/work-items';
import { pollBench } from './poll-bench';

const run = (index: number) => executionOf(`run-${index}`);

describe('pollWorkItems, reconciling,', () => {
  const bench = pollBench();
  beforeEach(() => bench().github.plant({ rows: [{ number: 1 }] }));

  const hold = async (owner = run(1), dryRun = false) => {
    const item = bench().item(1);
    const answer = await bench().locks().locks(1).acquire({ item, owner, dryRun });
    if (answer.outcome !== 'acquired') throw new Error(answer.message);
    return answer.lease;
  };
  const end = (life: ExecutionLife, owner = run(1)) => bench().locks().executions.set(owner, life);
  /** Takes the lock as an execution does, shows that, and dies. */
  const die = async (owner = run(1)) => {
    await bench()
      .locks()
      .locks()
      .begin(await hold(owner));
    bench().move(1, 'In progress');
    end('died', owner);
  };
  const stateOf = async () => {
    for (const state of ['held', 'requeued', 'parked'] as const)
      if ((await bench().locks().locks().rows(state)).length > 0) return state;
    return 'free';
  };
  const linesOf = (receipt: { entries: readonly { decision: string; reason: string; message: string }[] }) =>
    receipt.entries.map(({ decision, reason, message }) => `${decision} ${reason}: ${message}`);

  it('gives the item of a dead execution back: dead-lettered, ready again, and taken in the same tick', async () => {
    await die();
    const tick = await bench().poll();
    expect(bench().letters.map((letter) => deadLetterSchema.parse(letter))).to.deep.equal([
      {
        version: 1,
        id: 'run-1',
        environment: 'test',
        release: 'r1',
        item: bench().item(1),
        step: 'Unknown',
        error: 'ExecutionAborted',
        cause: `Execution ${run(1)} was aborted or timed out in attempt 1 of 3.`,
        executionArn: run(1),
        buildId: null,
        dryRun: false,
        attempts: 1,
        failedAt: NOW.toISOString(),
      },
    ]);
    expect(tick.numbers).to.deep.equal([1]);
    expect(bench().statusOf(1)).to.equal('Ready');
    expect(linesOf(tick.receipt)).to.deep.equal([
      'taken Taken: Branch feature/1.',
      `reconciled ExecutionAborted: Execution ${run(1)} was aborted or timed out in attempt 1 of 3. The item is ready again.`,
    ]);
  });

  for (const life of ['running', 'unknown'] as const)
    it(`takes nothing from an execution that is ${life}`, async () => {
      await hold();
      end(life);
      const tick = await bench().poll();
      expect(tick.outcome).to.equal('waiting');
      expect(linesOf(tick.receipt)).to.deep.equal([`waiting HeldByAnother: Held by ${run(1)}.`]);
      expect([await stateOf(), bench().letters.length]).to.deep.equal(['held', 0]);
    });

  it('sends one logical dead letter when two polls reconcile at once', async () => {
    await die();
    const ticks = await Promise.all([bench().poll(), bench().poll()]);
    expect(new Set(bench().letters.map(({ id }) => id))).to.deep.equal(new Set(['run-1']));
    const told = ticks.flatMap(({ receipt }) => linesOf(receipt)).filter((line) => line.startsWith('reconciled'));
    expect(told).to.have.length(1);
    expect(await stateOf()).to.equal('requeued');
  });

  it('sends nothing about an execution that has given its lock back, when the index still shows it', async () => {
    const lease = await hold();
    const locks = bench().locks().locks(1);
    const stale = await locks.rows('held');
    await locks.release(lease, 'free');
    end('succeeded');
    const rows = async (state: string) => (state === 'held' ? stale : []);
    await bench().poll({ change: { locks: { ...locks, rows } } });
    expect(bench().letters).to.deep.equal([]);
  });

  it('parks the item when its third execution has died, until a person moves it to ready', async () => {
    for (const attempt of [1, 2]) {
      await die(run(attempt));
      expect((await bench().poll()).numbers).to.deep.equal([1]);
    }
    await die(run(3));
    const tick = await bench().poll();
    expect(tick.outcome).to.equal('refused');
    expect(await stateOf()).to.equal('parked');
    expect(bench().statusOf(1)).to.equal('Needs attention');
    expect(linesOf(tick.receipt)[0]).to.match(
      /^parked AttemptsUsedUp: .* attempt 3 of 3\. A person has to look at it\.$/,
    );
    expect(bench().letters.map(({ id, attempts }) => [id, attempts])).to.deep.equal([
      ['run-1', 1],
      ['run-2', 2],
      ['run-3', 3],
    ]);
    const next = await bench().poll();
    expect(linesOf(next.receipt), 'said at every tick, although that column is not read').to.deep.equal([
      'parked AttemptsUsedUp: It failed in attempt 3. Mend the cause, then move it to "Ready" or redrive its dead letter.',
    ]);
    bench().move(1, 'Ready');
    expect((await bench().poll()).numbers).to.deep.equal([1]);
    expect((await hold(run(4))).attempt).to.equal(1);
  });

  it('works when the board cannot be written: the item is taken all the same', async () => {
    await die();
    bench().github.github.faults.add({ kind: 'unavailable', status: 502, operation: 'SetStatus' });
    const tick = await bench().poll();
    expect(tick.numbers).to.deep.equal([1]);
    expect(bench().statusOf(1)).to.equal('In progress');
    expect(linesOf(tick.receipt)[1]).to.match(/The board could not be written: GitHub could not answer/);
  });

  it('does not take a parked item for ready that the board could not be told about, and tells it later', async () => {
    await hold();
    await bench()
      .locks()
      .locks()
      .release(await hold(), 'parked');
    bench().github.github.faults.add({ kind: 'unavailable', status: 502, operation: 'SetStatus' });
    const tick = await bench().poll();
    expect(tick.outcome).to.equal('refused');
    expect(linesOf(tick.receipt)).to.deep.equal([
      'parked WaitsForPerson: It failed in attempt 1. Mend the cause, then move it to "Ready" or redrive its dead letter.',
    ]);
    expect((await bench().poll()).message).to.equal(
      'Nothing can be begun without a person: 0 waiting, 0 refused, 1 for a person.',
    );
    expect(bench().statusOf(1)).to.equal('Needs attention');
    bench().move(1, 'Ready');
    expect((await bench().poll()).numbers).to.deep.equal([1]);
  });

  it('leaves finished work in review, although the execution died before it gave the lock back', async () => {
    await die();
    bench().move(1, 'In review');
    const tick = await bench().poll();
    expect(tick.outcome).to.equal('idle');
    expect(bench().statusOf(1)).to.equal('In review');
    expect(linesOf(tick.receipt)).to.deep.equal([
      `reconciled LockForgotten: Execution ${run(1)} died late; the item stays in "In review".`,
    ]);
    expect([await stateOf(), bench().letters.length]).to.deep.equal(['free', 0]);
  });

  it('dead-letters a redrive that died before it began, because its own dead letter is gone', async () => {
    bench().move(1, 'Needs attention');
    await hold();
    end('died');
    await bench().poll();
    expect(bench().letters.map(({ id, error }) => [id, error])).to.deep.equal([['run-1', 'ExecutionAborted']]);
    expect([await stateOf(), bench().statusOf(1)]).to.deep.equal(['requeued', 'Needs attention']);
    expect(linesOf((await bench().poll()).receipt)).to.deep.equal([
      'waiting MovedAway: Its execution died, and it is neither ready nor in progress any more.',
    ]);
    expect((await hold(run(2))).attempt, 'it can be redriven').to.equal(2);
    const whileHeld = await bench().poll();
    expect(linesOf(whileHeld.receipt)).to.deep.equal([`waiting HeldByAnother: Held by ${run(2)}.`]);
  });

  it('takes a dead execution for dead when the board cannot be read to tell otherwise', async () => {
    await die();
    bench().move(1, 'In review');
    bench().github.github.faults.add({ kind: 'unavailable', status: 502, operation: 'ItemStatus', count: 2 });
    const tick = await bench().poll();
    expect([await stateOf(), bench().letters.length]).to.deep.equal(['requeued', 1]);
    expect(tick.outcome, 'it is not on the page').to.equal('idle');
    await bench().poll();
    expect(bench().statusOf(1), 'and stays where it is').to.equal('In review');
  });

  it('parks an item whose execution failed and could not clean up, so that it does not fail again and again', async () => {
    await hold();
    bench().move(1, 'In progress');
    end('failed');
    expect((await bench().poll()).outcome).to.equal('refused');
    expect(bench().letters.map(({ id, error }) => [id, error])).to.deep.equal([['run-1', 'ExecutionFailed']]);
    expect([await stateOf(), bench().statusOf(1)]).to.deep.equal(['parked', 'Needs attention']);
  });

  it('frees an item whose execution succeeded and only its lock was left, without a dead letter', async () => {
    await hold();
    bench().move(1, 'In review');
    end('succeeded');
    const { receipt } = await bench().poll();
    expect([await stateOf(), bench().letters.length]).to.deep.equal(['free', 0]);
    expect(linesOf(receipt)[0]).to.match(/^reconciled LockForgotten: .* succeeded without giving the item back\.$/);
  });

  it('frees what a dead dry run has left, without a dead letter and without touching the board', async () => {
    await hold(run(1), true);
    end('died');
    const tick = await bench().poll();
    expect(tick.numbers, 'it is ready as before').to.deep.equal([1]);
    expect([await stateOf(), bench().letters.length]).to.deep.equal(['free', 0]);
  });

  it('counts a dead execution of which the dead letter could not be sent as not yet reconciled', async () => {
    await die();
    const deadLetters = { send: async () => Promise.reject(new Error('SQS is down')) };
    await failureOf(bench().poll({ change: { deadLetters } }));
    expect(await stateOf()).to.equal('held');
    await bench().poll();
    expect(bench().letters).to.have.length(1);
  });

  it('frees the slot of the dead', async () => {
    await die();
    expect((await bench().poll()).receipt.freeSlots).to.equal(1);
    await hold(run(2));
  });

  it('changes nothing in a dry run', async () => {
    await die();
    const tick = await bench().poll({ dryRun: true });
    expect(tick.outcome).to.equal('waiting');
    expect([await stateOf(), bench().letters.length, bench().statusOf(1)]).to.deep.equal(['held', 0, 'In progress']);
    expect(linesOf(tick.receipt)).to.deep.equal([`waiting HeldByAnother: Held by ${run(1)}.`]);
  });

  it('says of an item in progress that nobody holds that it is not its own, and leaves it alone', async () => {
    bench().move(1, 'In progress');
    const tick = await bench().poll();
    expect(tick.outcome).to.equal('waiting');
    expect(linesOf(tick.receipt)).to.deep.equal([
      'waiting InProgressElsewhere: In progress, but no execution of this worker holds it. Move it to "Ready" to have it taken.',
    ]);
  });
});
