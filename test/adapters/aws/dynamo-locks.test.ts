import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import type { Locks } from '../../../adapters/aws/dynamo-locks';
import { createLockTable } from '../../../adapters/aws/lock-table';
import type { Acquired } from '../../../adapters/aws/take-lock';
import type { Lease } from '../../../domain/lease';
import type { ExecutionLife } from '../../../domain/lock-row';
import { failureOf } from '../../support/failure-of';
import { LOCKS_TABLE, locksBench } from '../../support/locks-table';
import { executionOf, workItem } from '../../support/work-items';

const [first, second, third] = [executionOf('run-1'), executionOf('run-2'), executionOf('run-3')];

const leased = (acquired: Acquired): Lease => {
  if (acquired.outcome !== 'acquired') throw new Error(`not acquired: ${acquired.message}`);
  return acquired.lease;
};

const take = (locks: Locks, owner: string, item = workItem(), dryRun = false) => locks.acquire({ item, owner, dryRun });
const takeLease = async (locks: Locks, owner: string, item = workItem()) => leased(await take(locks, owner, item));

describe('dynamoLocks', () => {
  const bench = locksBench();
  /** Holds each held row's fields that matter. */
  const rowsOf = async (state: 'held' | 'requeued' | 'parked') =>
    (await bench().locks().rows(state)).map(({ itemId, owner, attempts, fence }) => ({
      itemId,
      owner,
      attempts,
      fence,
    }));
  const slotOwner = async (slot = 0) => (await bench().table.read(`slot#${slot}`))?.owner?.S ?? null;

  describe('acquire', () => {
    it('gives a free item to the first, and says to everybody else who has it', async () => {
      const locks = bench().locks(2);
      const lease = await takeLease(locks, first);
      expect(lease).to.deep.equal({ itemId: 'PVTI_1', owner: first, fence: 1, attempt: 1, slot: 0 });
      expect(await take(locks, second)).to.deep.equal({ outcome: 'held', message: `The item is held by ${first}.` });
      expect(await locks.isCurrent(lease)).to.equal(true);
    });

    it('gives the same owner the same lease however often it asks', async () => {
      const locks = bench().locks(3);
      const lease = await takeLease(locks, first);
      expect(await takeLease(locks, first)).to.deep.equal(lease);
      expect(await slotOwner(1)).to.equal(null);
    });

    it('has one winner among 1,000 who want the same item', async function () {
      this.timeout(60_000);
      const locks = bench().locks(1);
      const contenders = Array.from({ length: 1000 }, (_, index) => executionOf(`run-${index}`));
      const answers = await Promise.all(contenders.map((owner) => take(locks, owner)));
      const winners = answers.filter(({ outcome }) => outcome === 'acquired');
      expect(winners).to.have.length(1);
      expect(await rowsOf('held')).to.deep.equal([
        { itemId: 'PVTI_1', owner: leased(winners[0] as Acquired).owner, attempts: 1, fence: 1 },
      ]);
    });

    it('leaves no slot with the losers of a race for one item', async () => {
      const locks = bench().locks(20);
      const contenders = Array.from({ length: 50 }, (_, index) => executionOf(`run-${index}`));
      const answers = await Promise.all(contenders.map((owner) => take(locks, owner)));
      expect(answers.filter(({ outcome }) => outcome === 'acquired')).to.have.length(1);
      const slots = await Promise.all(Array.from({ length: 20 }, (_, slot) => slotOwner(slot)));
      expect(slots.filter(Boolean)).to.have.length(1);
    });

    it('never lets more items run than there are slots, and frees a slot on release', async () => {
      const locks = bench().locks(2);
      const items = ['a', 'b', 'c'].map((itemId) => workItem({ itemId }));
      const answers = await Promise.all(items.map((item) => take(locks, executionOf(item.itemId), item)));
      const outcomes = answers.map(({ outcome }) => outcome).sort();
      expect(outcomes).to.deep.equal(['acquired', 'acquired', 'no-free-slot']);
      const lost = items[answers.findIndex(({ outcome }) => outcome === 'no-free-slot')];
      const won = answers.find(({ outcome }) => outcome === 'acquired');
      await locks.release(leased(won as Acquired), 'free');
      expect((await take(locks, executionOf('late'), lost)).outcome).to.equal('acquired');
    });

    const takeOver: Record<ExecutionLife, 'acquired' | 'held'> = {
      running: 'held',
      unknown: 'held',
      succeeded: 'acquired',
      failed: 'acquired',
      died: 'acquired',
    };
    for (const [life, outcome] of Object.entries(takeOver))
      it(`is ${outcome} when the owner is ${life}`, async () => {
        const locks = bench().locks(2);
        const old = await takeLease(locks, first);
        bench().executions.set(first, life as ExecutionLife);
        const answer = await take(locks, second);
        expect(answer.outcome).to.equal(outcome);
        expect(await locks.isCurrent(old)).to.equal(outcome === 'held');
        if (answer.outcome === 'acquired') expect(answer.lease).to.include({ fence: 2, attempt: 2, owner: second });
      });

    it('takes over the only slot of a dead execution', async () => {
      const locks = bench().locks(1);
      await takeLease(locks, first, workItem({ itemId: 'a' }));
      expect((await take(locks, second, workItem({ itemId: 'b' }))).outcome).to.equal('no-free-slot');
      bench().executions.set(first, 'died');
      expect((await take(locks, second, workItem({ itemId: 'b' }))).outcome).to.equal('acquired');
      expect(await slotOwner()).to.equal(second);
    });

    it('begins to count anew with an item that waited for a person', async () => {
      const locks = bench().locks();
      await locks.release(await takeLease(locks, first), 'parked');
      expect(await takeLease(locks, second)).to.include({ attempt: 1, fence: 2 });
    });

    it('does not let a dry run touch what a real run has begun', async () => {
      const locks = bench().locks(2);
      const dry = () => take(locks, second, workItem(), true);
      await takeLease(locks, first);
      bench().executions.set(first, 'died');
      expect((await dry()).outcome).to.equal('held');
      const [row] = await locks.rows('held');
      if (row) await locks.abandon(row, 'requeued');
      expect(await dry())
        .to.have.property('message')
        .that.matches(/requeued: a dry run/);
      await locks.release(await takeLease(locks, third), 'parked');
      expect((await dry()).outcome).to.equal('held');
      expect(await rowsOf('parked')).to.deep.equal([{ itemId: 'PVTI_1', owner: third, attempts: 2, fence: 2 }]);
    });

    it('keeps a dry run apart from a real one, and does not count it as an attempt', async () => {
      const locks = bench().locks(2);
      expect((await take(locks, first, workItem(), true)).outcome).to.equal('acquired');
      expect((await take(locks, second)).outcome).to.equal('held');
      const [row] = await locks.rows('held');
      expect(row?.dryRun).to.equal(true);
      bench().executions.set(first, 'died');
      expect(await takeLease(locks, second)).to.include({ attempt: 1, fence: 2 });
      expect((await locks.rows('held'))[0]?.dryRun).to.equal(false);
    });
  });

  describe('release', () => {
    it('gives item and slot back, and is harmless when repeated', async () => {
      const locks = bench().locks();
      const lease = await takeLease(locks, first);
      expect(await locks.release(lease, 'free')).to.equal('released');
      expect(await locks.release(lease, 'free')).to.equal('released');
      expect(await slotOwner()).to.equal(null);
      expect(await rowsOf('held')).to.deep.equal([]);
      expect(await locks.isCurrent(lease)).to.equal(false);
      expect(await takeLease(locks, second)).to.include({ fence: 2, attempt: 1 });
    });

    it('finishes what a crash has left between its two writes', async () => {
      const { table } = bench();
      const lease = await takeLease(bench().locks(), first);
      let crashed = false;
      const crashing = bench().locks(1, {
        ...table,
        update: async (update) => {
          if (update.key.startsWith('slot#') && !crashed) {
            crashed = true;
            throw new Error('the function was killed');
          }
          return table.update(update);
        },
      });
      await failureOf(crashing.release(lease, 'free'));
      expect(await slotOwner(), 'the slot is still taken').to.equal(first);
      expect(await crashing.release(lease, 'free')).to.equal('released');
      expect(await slotOwner()).to.equal(null);
    });

    it('says superseded to a zombie and leaves the new owner alone', async () => {
      const locks = bench().locks();
      const old = await takeLease(locks, first);
      bench().executions.set(first, 'died');
      const current = await takeLease(locks, second);
      expect(await locks.release(old, 'free')).to.equal('superseded');
      expect(await locks.isCurrent(current)).to.equal(true);
      expect(await slotOwner()).to.equal(second);
      expect(await locks.release(old, 'parked')).to.equal('superseded');
      expect(await locks.begin(old)).to.equal(false);
    });

    it('says superseded to an earlier start of the same execution', async () => {
      const locks = bench().locks();
      const old = await takeLease(locks, first);
      await locks.release(old, 'free');
      const current = await takeLease(locks, first);
      expect(await locks.release(old, 'parked')).to.equal('superseded');
      expect(await locks.begin(old)).to.equal(false);
      expect(await locks.isCurrent(current)).to.equal(true);
    });

    it('says superseded when the item has been requeued meanwhile', async () => {
      const locks = bench().locks();
      const lease = await takeLease(locks, first);
      const [row] = await locks.rows('held');
      expect(row && (await locks.abandon(row, 'requeued'))).to.equal(true);
      expect(await locks.release(lease, 'free')).to.equal('superseded');
      expect(await rowsOf('requeued')).to.have.length(1);
    });

    it('parks an item with its attempts, and repeats that without harm', async () => {
      const locks = bench().locks();
      const lease = await takeLease(locks, first);
      expect(await locks.release(lease, 'parked')).to.equal('released');
      expect(await locks.release(lease, 'parked')).to.equal('released');
      const [row] = await locks.rows('parked');
      expect(row).to.include({ attempts: 1, boardTold: false, state: 'parked' });
      expect(row?.item).to.deep.equal(workItem());
    });
  });

  describe('a slot', () => {
    it('that was taken before a crash is found again by the retry, although an earlier one is free by then', async () => {
      const { table } = bench();
      const other = await takeLease(bench().locks(2), second, workItem({ itemId: 'other' }));
      let crashed = false;
      const crashing = bench().locks(2, {
        ...table,
        update: async (update) => {
          if (update.key === 'item#PVTI_1' && !crashed) {
            crashed = true;
            throw new Error('the function was killed');
          }
          return table.update(update);
        },
      });
      await failureOf(take(crashing, first));
      expect(await slotOwner(1)).to.equal(first);
      await crashing.release(other, 'free');
      expect(await takeLease(crashing, first)).to.include({ slot: 1 });
      expect(await slotOwner(0), 'no second slot is taken').to.equal(null);
    });

    it('that is left by an execution that ended without an item is taken by the next one', async () => {
      await bench().table.update({
        key: 'slot#0',
        set: { owner: { S: first } },
        condition: 'attribute_not_exists(#owner)',
      });
      bench().executions.set(first, 'failed');
      expect(await takeLease(bench().locks(), second)).to.include({ slot: 0 });
    });
  });

  describe('a write whose answer is lost, so that the SDK sends it again,', () => {
    /** Sends every update twice and gives the second answer, as the SDK's retry does. */
    const twice = () => {
      const { client } = bench();
      const send = async (command: UpdateItemCommand) => {
        if (command instanceof UpdateItemCommand) await client.send(command).catch(() => undefined);
        return client.send(command);
      };
      return bench().locks(
        2,
        createLockTable({ tableName: LOCKS_TABLE, index: 'held' }, { client: { send } as unknown as typeof client }),
      );
    };

    it('still takes the lock', async () => {
      const lease = await takeLease(twice(), first);
      expect(lease).to.include({ owner: first, fence: 1, slot: 0 });
      expect(await bench().locks().isCurrent(lease)).to.equal(true);
    });

    it('still releases and parks it', async () => {
      expect(await twice().release(await takeLease(twice(), first), 'free')).to.equal('released');
      expect(await twice().release(await takeLease(twice(), second), 'parked')).to.equal('released');
    });
  });

  describe('rows', () => {
    it('finds every held item, page after page', async () => {
      const locks = bench().locks(20);
      const long = 'x'.repeat(120_000); // 20 rows of 120 kB are more than the 1 MB of one page
      for (let index = 0; index < 12; index += 1)
        await take(locks, executionOf(`run-${index}`), workItem({ itemId: `item-${index}`, title: long }));
      expect(await locks.rows('held')).to.have.length(12);
    });
  });

  describe('abandon', () => {
    it('succeeds for exactly one of many, and not after a takeover', async () => {
      const locks = bench().locks(2);
      await takeLease(locks, first);
      const [row] = await locks.rows('held');
      if (!row) throw new Error('no row');
      const answers = await Promise.all(Array.from({ length: 20 }, () => locks.abandon(row, 'requeued')));
      expect(answers.filter(Boolean)).to.have.length(1);
      expect(await slotOwner()).to.equal(null);
      await takeLease(locks, second);
      expect(await locks.abandon(row, 'parked')).to.equal(false);
    });

    it('to free starts the counting anew', async () => {
      const locks = bench().locks();
      await takeLease(locks, first);
      const [row] = await locks.rows('held');
      expect(row && (await locks.abandon(row, 'free'))).to.equal(true);
      expect(await takeLease(locks, second)).to.include({ attempt: 1, fence: 2 });
    });
  });

  describe('begin', () => {
    it('remembers for this lease alone that the work was about to be shown', async () => {
      const locks = bench().locks();
      const lease = await takeLease(locks, first);
      expect(await locks.hasBegun(lease)).to.equal(false);
      expect(await locks.begin(lease)).to.equal(true);
      expect(await locks.begin(lease)).to.equal(true);
      expect(await locks.hasBegun(lease)).to.equal(true);
      bench().executions.set(first, 'died');
      expect(await locks.hasBegun(await takeLease(locks, second))).to.equal(false);
    });
  });

  describe('markBoardTold', () => {
    it('marks a parked row, and leaves one alone that has moved on', async () => {
      const locks = bench().locks();
      await locks.release(await takeLease(locks, first), 'parked');
      const [row] = await locks.rows('parked');
      if (!row) throw new Error('no row');
      await locks.markBoardTold(row);
      expect((await locks.rows('parked'))[0]?.boardTold).to.equal(true);
      await locks.release(await takeLease(locks, second), 'parked');
      await locks.markBoardTold(row);
      expect((await locks.rows('parked'))[0]?.boardTold).to.equal(false);
    });
  });

  it('says which row could not be read or written, and how, when the table is not there', async () => {
    const { client } = bench();
    const locks = bench().locks(1, createLockTable({ tableName: 'nowhere', index: 'held' }, { client }));
    const error = await failureOf(take(locks, first));
    expect(error.name).to.equal('NotFound');
    expect(error.message).to.match(/read item#PVTI_1 of the locks table: ResourceNotFoundException/);
    expect(
      (await failureOf(locks.begin({ itemId: 'x', owner: first, fence: 1, attempt: 1, slot: 0 }))).message,
    ).to.match(/write item#x of the locks table/);
    expect((await failureOf(locks.rows('held'))).message).to.match(/query the locks table/);
  });
});
