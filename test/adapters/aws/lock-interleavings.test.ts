import { expect } from 'chai';
import fc from 'fast-check';
import type { LockTable } from '../../../adapters/aws/lock-table';
import { hasEnded } from '../../../domain/lock-row';
import { locksBench } from '../../support/locks-table';
import { executionOf, workItem } from '../../support/work-items';

const ITEMS = ['a', 'b'] as const;

/** One execution: which item it wants, when it begins, how long it works, after how many requests it is killed (beyond its life: never), and how it gives the item back. */
const actorArbitrary = fc.record({
  itemId: fc.constantFrom(...ITEMS),
  begins: fc.integer({ min: 0, max: 12 }),
  killedAfter: fc.integer({ min: 1, max: 16 }),
  steps: fc.integer({ min: 0, max: 16 }),
  to: fc.constantFrom('free' as const, 'parked' as const),
});
type Actor = {
  readonly itemId: string;
  readonly begins: number;
  readonly killedAfter: number;
  readonly steps: number;
  readonly to: 'free' | 'parked';
};

class Killed extends Error {}

describe('dynamoLocks, whatever the order in which its requests arrive,', () => {
  const bench = locksBench();

  /** What is true of the world at any moment, kept beside the table. */
  const createModel = (slots: number) => {
    const holders = new Map<string, string>();
    const fences = new Map<string, number>();
    const isAlive = (owner: string) => !hasEnded(bench().executions.get(owner) ?? 'running');
    return {
      acquired: (itemId: string, owner: string, fence: number) => {
        const rival = holders.get(itemId);
        expect(rival === undefined || !isAlive(rival), `${owner} and ${rival} both hold ${itemId}`).to.equal(true);
        expect(fence, 'the fence grows').to.be.greaterThan(fences.get(itemId) ?? 0);
        fences.set(itemId, fence);
        holders.set(itemId, owner);
        const living = [...holders.values()].filter(isAlive);
        expect(living.length, 'items that run at once').to.be.at.most(slots);
      },
      released: (itemId: string, owner: string) => {
        if (holders.get(itemId) === owner) holders.delete(itemId);
      },
    };
  };

  const killable = (table: LockTable, owner: string, { killedAfter }: Actor): LockTable => {
    let left = killedAfter;
    const mortal = <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        left -= 1;
        if (left < 0) {
          bench().executions.set(owner, 'died');
          throw new Killed();
        }
        return call(...args);
      };
    };
    return { read: mortal(table.read), update: mortal(table.update), queryHeld: mortal(table.queryHeld) };
  };

  const play = async (
    actor: Actor,
    owner: string,
    slots: number,
    table: LockTable,
    model: ReturnType<typeof createModel>,
    work: () => Promise<unknown>,
  ) => {
    const locks = bench().locks(slots, killable(table, owner, actor));
    try {
      for (let step = 0; step < actor.begins; step += 1) await work();
      const answer = await locks.acquire({ item: workItem({ itemId: actor.itemId }), owner, dryRun: false });
      if (answer.outcome !== 'acquired') return;
      model.acquired(actor.itemId, owner, answer.lease.fence);
      for (let step = 0; step < actor.steps; step += 1) await work();
      expect(await locks.isCurrent(answer.lease), 'nobody takes a lock from the living').to.equal(true);
      model.released(actor.itemId, owner); // from here on the table may already be free
      await locks.release(answer.lease, actor.to);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    } finally {
      bench().executions.set(owner, bench().executions.get(owner) ?? 'succeeded');
    }
  };

  it('lets one living execution hold an item, keeps to the slots, and loses nothing to those that are killed', async function () {
    this.timeout(120_000);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(actorArbitrary, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.scheduler(),
        async (actors, slots, scheduler) => {
          run += 1;
          const { table } = bench();
          const model = createModel(slots);
          const ordered: LockTable = {
            read: scheduler.scheduleFunction(table.read),
            update: scheduler.scheduleFunction(table.update),
            queryHeld: scheduler.scheduleFunction(table.queryHeld),
          };
          const work = () => scheduler.schedule(Promise.resolve());
          const plays = actors.map((actor, index) =>
            play(actor, executionOf(`run-${run}-${index}`), slots, ordered, model, work),
          );
          await scheduler.waitFor(Promise.all(plays));
          for (const itemId of ITEMS) {
            const owner = executionOf(`after-${run}-${itemId}`);
            const locks = bench().locks(1);
            const answer = await locks.acquire({ item: workItem({ itemId }), owner, dryRun: false });
            expect(answer.outcome, `${itemId} can be taken when everything has ended`).to.equal('acquired');
            if (answer.outcome !== 'acquired') continue;
            model.acquired(itemId, owner, answer.lease.fence);
            model.released(itemId, owner);
            expect(await locks.release(answer.lease, 'free')).to.equal('released');
            bench().executions.set(owner, 'succeeded');
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
