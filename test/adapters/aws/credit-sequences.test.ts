import { expect } from 'chai';
import fc from 'fast-check';
import { creditLedger } from '../../../adapters/aws/credit-ledger';
import type { CreditAllowance } from '../../../domain/credit-allowance';
import { budgetDayOf, type CreditBudget, chargeOf, defaultCreditBudget } from '../../../domain/credit-budget';
import { type AgentSpending, spentOfRuns } from '../../../domain/spending';
import { memoryTable } from '../../support/memory-table';
import { AT } from '../../support/spendings';
import { executionOf, workItem } from '../../support/work-items';

const ITEMS = ['a', 'b', 'c'] as const;
const MOST_OF_A_RUN = 9;

const credits = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: MOST_OF_A_RUN * 100 }).map((hundredths) => hundredths / 100) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const limit = fc.oneof(
  fc.constant(null),
  fc.constant(0),
  fc.integer({ min: 1, max: 400 }).map((tenths) => tenths / 10),
);
const budget = fc.record({
  itemCredits: limit,
  dayCredits: limit,
  softStopPercent: fc.constantFrom(1, 50, 80, 100),
  unknownRunCredits: fc.constantFrom(0.5, 1, MOST_OF_A_RUN),
  breakerRuns: fc.constantFrom(null, 1, 2, 3),
  breakerMinutes: fc.constantFrom(null, 30, 360),
});
const which = fc.nat({ max: 20 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('begin' as const), item: fc.constantFrom(...ITEMS) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('run' as const), which, credits }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('settle' as const), which, fruitful: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), minutes: fc.constantFrom(1, 29, 31, 700) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('budget' as const), budget }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Execution = {
  readonly name: string;
  readonly item: (typeof ITEMS)[number];
  readonly allowance: CreditAllowance;
  readonly runs: AgentSpending[];
  state: 'running' | 'dead' | 'settled';
};

/** The real ledger over a table in memory, and beside it what is true of the world. */
const createWorld = (first: CreditBudget) => {
  let at = new Date('2026-11-01T21:00:00.000Z');
  let current = first;
  let count = 0;
  const streak = { fruitless: 0, openedAt: null as Date | null };
  const most = { item: 0 as number | null, day: 0 as number | null, unknown: 0 };
  const executions: Execution[] = [];
  const ledger = creditLedger({ table: memoryTable(), budget: async () => current, now: () => at });
  const account = ({ name, item }: Pick<Execution, 'name' | 'item'>) => ({
    executionArn: executionOf(name),
    executionName: name,
    item: workItem({ itemId: item }),
    dryRun: false,
  });
  const inState = (state: Execution['state']) => executions.filter((one) => one.state === state);
  const higher = (a: number | null, b: number | null) => (a === null || b === null ? null : Math.max(a, b));
  const remember = () => {
    most.item = higher(most.item, current.itemCredits);
    most.day = higher(most.day, current.dayCredits);
    most.unknown = Math.max(most.unknown, current.unknownRunCredits);
  };
  remember();

  /** What docs/guides/budgets.md says of the breaker, without looking at how the ledger does it. */
  const breakerNow = (): 'closed' | 'open' | 'half-open' => {
    if (!streak.openedAt || current.breakerRuns === null) return 'closed';
    const { breakerMinutes } = current;
    return breakerMinutes !== null && at.getTime() >= streak.openedAt.getTime() + breakerMinutes * 60_000
      ? 'half-open'
      : 'open';
  };
  const noteEnd = (runs: readonly AgentSpending[], fruitful: boolean) => {
    const { known, unknownRuns } = spentOfRuns(runs);
    if (known === 0 && unknownRuns === 0) return false;
    streak.fruitless = fruitful ? 0 : streak.fruitless + 1;
    const wasOpen = breakerNow() === 'open';
    if (fruitful) streak.openedAt = null;
    else if (!wasOpen && current.breakerRuns !== null && streak.fruitless >= current.breakerRuns) {
      streak.openedAt = at;
      return true;
    }
    return false;
  };
  const settle = async (execution: Execution, fruitful: boolean) => {
    const opens = noteEnd(execution.runs, fruitful);
    execution.state = 'settled';
    const settlement = { account: account(execution), runs: execution.runs, fruitful };
    expect((await ledger.settle(settlement)).openedBreaker, 'opens after exactly so many').to.equal(opens);
    await ledger.settle(settlement); // a state that is retried
  };
  const tick = async () => {
    for (const dead of inState('dead')) await settle(dead, false);
  };
  const begin = async (item: Execution['item']) => {
    if (executions.some((one) => one.item === item && one.state !== 'settled')) return; // the lock
    count += 1;
    const name = `run-${count}`;
    const breaker = breakerNow();
    const isTrial = breaker === 'half-open' && executions.some(({ state }) => state !== 'settled');
    const got = await ledger.reserve(account({ name, item }));
    if (breaker === 'open') expect(got).to.include({ outcome: 'refused', reason: 'BreakerOpen' });
    else if (isTrial) expect(got).to.include({ outcome: 'refused', reason: 'BreakerTrial' });
    else if (got.outcome === 'refused') expect(got.reason).to.match(/Budget/);
    if (got.outcome === 'refused') return;
    expect(got.allowance.hard, 'something can be paid').to.satisfy((hard: number | null) => hard === null || hard > 0);
    executions.push({ name, item, allowance: got.allowance, runs: [], state: 'running' });
  };
  /** As worker/build/spending.ts does: no run beyond the hard stop. */
  const run = ({ allowance, runs }: Execution, cost: number | null) => {
    if (allowance.hard !== null && chargeOf(spentOfRuns(runs), allowance) >= allowance.hard) return;
    runs.push({ task: '1', startedAt: at.toISOString(), endedAt: null, credits: cost });
  };
  const touch = async (execution: Execution, todo: Extract<Step, { readonly which: number }>): Promise<void> => {
    if (todo.kind === 'run') run(execution, todo.credits);
    else if (todo.kind === 'settle') await settle(execution, todo.fruitful);
    else execution.state = 'dead';
  };
  const pick = (state: Execution['state'], index: number) => {
    const some = inState(state);
    return some[index % Math.max(1, some.length)];
  };

  return {
    ledger,
    executions,
    most,
    tick,
    settle,
    inState,
    now: () => at,
    act: async (todo: Step): Promise<void> => {
      switch (todo.kind) {
        case 'begin':
          return begin(todo.item);
        case 'tick':
          return tick();
        case 'time':
          at = new Date(at.getTime() + todo.minutes * 60_000);
          return;
        case 'budget':
          current = todo.budget;
          return remember();
        case 'close':
          streak.fruitless = 0;
          streak.openedAt = null;
          return ledger.closeBreaker();
        default: {
          const execution = pick('running', todo.which);
          if (execution) await touch(execution, todo);
        }
      }
    },
  };
};
type World = ReturnType<typeof createWorld>;

/** No execution goes beyond what it was given by more than its last run, and nothing beyond the budget by more than that. */
const checkSpending = ({ executions, most }: World): void => {
  const charge = (runs: readonly AgentSpending[], unknownRunCredits = most.unknown) =>
    chargeOf(spentOfRuns(runs), { unknownRunCredits });
  for (const { allowance, runs, name } of executions)
    if (allowance.hard !== null && runs.length > 0)
      expect(charge(runs.slice(0, -1), allowance.unknownRunCredits), name).to.be.below(allowance.hard);
  const { item: ofItem, day: ofDay } = most;
  // What an unknown run counts as may have been raised after it was paid.
  const isSteady = executions.every(({ allowance }) => allowance.unknownRunCredits === most.unknown);
  if (!isSteady) return;
  for (const item of ITEMS) {
    const runs = executions.filter((one) => one.item === item).flatMap((one) => one.runs);
    if (ofItem !== null) expect(charge(runs), `item ${item}`).to.be.below(Math.max(ofItem, 1e-9) + MOST_OF_A_RUN);
  }
  const days = new Map<string, AgentSpending[]>();
  for (const run of executions.flatMap(({ runs }) => runs)) {
    const day = budgetDayOf(new Date(run.startedAt));
    days.set(day, [...(days.get(day) ?? []), run]);
  }
  // Each of those that run at the same time may go over by its last run.
  for (const [day, runs] of days)
    if (ofDay !== null)
      expect(charge(runs), `day ${day}`).to.be.below(Math.max(ofDay, 1e-9) + ITEMS.length * MOST_OF_A_RUN);
};

const checkSums = async ({ executions, ledger, now }: World): Promise<void> => {
  const settled = executions.filter(({ state }) => state === 'settled').flatMap(({ runs }) => runs);
  let [known, unknownRuns] = [0, 0];
  for (const item of ITEMS) {
    const spent = await ledger.spentOf(item);
    known += spent.known;
    unknownRuns += spent.unknownRuns;
  }
  const all = spentOfRuns(settled);
  expect([known.toFixed(2), unknownRuns], 'items').to.deep.equal([all.known.toFixed(2), all.unknownRuns]);
  const today = budgetDayOf(now());
  const ofToday = spentOfRuns(settled.filter(({ startedAt }) => startedAt.startsWith(today)));
  expect((await ledger.position()).spentToday, `the day ${today}`).to.deep.equal(ofToday);
};

describe('credits, whatever happens in whatever order,', function () {
  this.timeout(60_000);
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);

  it(`are never spent beyond what was given, never lost, and never reserved for ever (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(budget, fc.array(step, { minLength: 10, maxLength: 80 }), async (first, steps) => {
        const world = createWorld({ ...defaultCreditBudget, ...first });
        for (const todo of steps) {
          await world.act(todo);
          checkSpending(world);
          await checkSums(world);
        }
        for (const running of world.inState('running')) running.state = 'dead';
        await world.tick();
        const { reserved, openAccounts } = await world.ledger.position();
        expect({ reserved, openAccounts }).to.deep.equal({ reserved: 0, openAccounts: 0 });
        await checkSums(world);
      }),
      { seed, numRuns: 150 },
    );
  });
});

/** Of an execution of the item of the same name. */
const account = (name: string) => ({
  executionArn: executionOf(name),
  executionName: name,
  item: workItem({ itemId: name }),
  dryRun: false,
});

describe('the soft stop', () => {
  const refusal = async (budgetOf: Partial<CreditBudget>, spent: readonly (number | null)[]) => {
    const ledger = creditLedger({
      table: memoryTable(),
      budget: async () => ({ ...defaultCreditBudget, breakerRuns: null, ...budgetOf }),
      now: () => AT,
    });
    const account = (name: string) => ({
      executionArn: executionOf(name),
      executionName: name,
      item: workItem(),
      dryRun: false,
    });
    const runs = spent.map((each) => ({ task: '1', startedAt: AT.toISOString(), endedAt: null, credits: each }));
    await ledger.settle({ account: account('before'), runs, fruitful: true });
    const got = await ledger.reserve(account('now'));
    return got.outcome === 'refused' ? got.reason : got.allowance;
  };
  const item = (itemCredits: number | null) => ({ itemCredits, dayCredits: null });
  const day = (dayCredits: number | null) => ({ itemCredits: null, dayCredits });

  it('begins exactly at its share of either budget', async () => {
    for (const [make, reason] of [
      [item, 'ItemBudgetUsedUp'],
      [day, 'DayBudgetUsedUp'],
    ] as const) {
      expect(await refusal(make(100), [79.999])).to.include({ soft: 0.001, hard: 20.001 });
      expect(await refusal(make(100), [80])).to.equal(reason);
      expect(await refusal(make(100), [80.001])).to.equal(reason);
      expect(await refusal(make(0.5), [0.39]), 'fractions').to.include({ soft: 0.01, hard: 0.11 });
      expect(await refusal(make(0.5), [0.1, 0.1, 0.1, 0.1]), 'fractions that add up to 0.4').to.equal(reason);
      expect(await refusal(make(0), []), 'nothing may be spent').to.equal(reason);
      expect(await refusal(make(null), [100_000]), 'no limit').to.include({ soft: null, hard: null });
      expect(await refusal(make(10), Array(7).fill(null)), 'unknown runs').to.include({ soft: 1, hard: 3 });
      expect(await refusal(make(10), Array(8).fill(null)), 'unknown runs').to.equal(reason);
      expect(await refusal({ ...make(10), softStopPercent: 100 }, [9.99])).to.include({ soft: 0.01, hard: 0.01 });
    }
  });

  it('takes a day for used up whose spent and reserved credits are all of it, to the last hundredth', async () => {
    const budgetOf = { ...defaultCreditBudget, itemCredits: null, dayCredits: 19.3, softStopPercent: 50 };
    const ledger = creditLedger({ table: memoryTable(), budget: async () => budgetOf, now: () => AT });
    const runs = [{ task: '1', startedAt: AT.toISOString(), endedAt: null, credits: 7.76 }];
    await ledger.settle({ account: account('before'), runs, fruitful: true });
    expect(await ledger.reserve(account('all'))).to.have.nested.property('allowance.hard', 11.54);
    expect(await ledger.reserve(account('none'))).to.include({ outcome: 'refused', reason: 'DayBudgetReserved' });
  });

  it('leaves the new day what a run of yesterday has cost that ends today', async () => {
    let at = new Date('2026-11-01T23:59:00.000Z');
    const budgetOf = { ...defaultCreditBudget, itemCredits: null, dayCredits: 10 };
    const ledger = creditLedger({ table: memoryTable(), budget: async () => budgetOf, now: () => at });
    expect(await ledger.reserve(account('over'))).to.have.nested.property('allowance.hard', 10);
    const endedAt = '2026-11-02T00:04:00.000Z';
    const run = (startedAt: string, credits: number) => ({ task: '1', startedAt, endedAt, credits });
    at = new Date('2026-11-02T00:05:00.000Z');
    expect(await ledger.reserve(account('next')), 'it may still spend ten of today').to.include({
      outcome: 'refused',
      reason: 'DayBudgetReserved',
    });
    await ledger.settle({
      account: account('over'),
      runs: [run('2026-11-01T23:59:59.999Z', 7), run('2026-11-02T00:00:00.000Z', 2)],
      fruitful: true,
    });
    expect((await ledger.position()).spentToday).to.deep.equal({ known: 2, unknownRuns: 0 });
    expect(await ledger.reserve(account('next'))).to.have.nested.property('allowance.hard', 8);
  });
});
