import { expect } from 'chai';
import { explainItem } from '../../../cli/explain/explain-item';
import { type Explanation, explanationSchema } from '../../../cli/explain/explanation';
import type { Facts } from '../../../cli/explain/facts';
import { receiptReasons } from '../../../domain/receipt-reasons';
import { deadLetter, decided, EARLIER, execution, factsOf, lock, slot, TICK, tick } from './facts-of';

const explain = (change: Partial<Facts> = {}): Explanation => explanationSchema.parse(explainItem(factsOf(change)));
const position = (change: Partial<Facts['position']>): Facts['position'] => ({ ...factsOf().position, ...change });
const breaker = {
  recent: [{ execution: 'x', itemId: 'PVTI_9', fruitless: true, at: EARLIER }],
  opened: { at: EARLIER, execution: 'x' },
};

/** Commands are about the environment that was asked about. */
const ownChange = receiptReasons.ItemBudgetUsedUp.change.replace('CREDITS', 'CREDITS --env test');
const openChange = receiptReasons.BreakerOpen.change.replace('breaker close', 'breaker close --env test');

describe('explainItem', () => {
  it('says of an item that waits where in line it is, and what would change that', () => {
    const { state, why, changes, notes } = explain();
    expect(state).to.equal('waiting');
    expect(why).to.equal(
      'It is ready; more urgent or older items took the free places. Waits for its turn, number 3 in line: 1 slot free.',
    );
    expect(changes).to.deep.equal([receiptReasons.NoFreeSlot.change]);
    expect(notes).to.deep.equal([]);
  });

  it('says of an item that is worked on since when, in which try, and how to stop it', () => {
    const { state, why, changes } = explain({ lock: lock() });
    expect([state, why]).to.deep.equal([
      'running',
      `It is being worked on now (try 2 of 3, slot 0, since ${EARLIER}).`,
    ]);
    expect(changes[0]).to.contain('stop the execution arn:aws:states:eu-west-1');
    const unknown = explain({ lock: lock({ life: 'unknown', acquiredAt: null }) });
    expect(unknown.why).to.match(/Step Functions could not be asked/);
  });

  it('says of a lock whose execution has died that the next tick puts it right', () => {
    const { state, why, changes } = explain({ lock: lock({ life: 'died' }) });
    expect([state, why.slice(0, 60)]).to.deep.equal([
      'next',
      'Its execution has ended (died) without giving it back (try 2',
    ]);
    expect(changes[0]).to.contain('kiro-worker ticks --env test');
  });

  it('says of an item that failed at which step and why, and gives the commands', () => {
    const failed = { decisions: [decided({ decision: 'taken', reason: 'Taken' })], deadLetters: [deadLetter()] };
    const plain = explain(failed);
    expect(plain.why).to.equal('It failed at 2026-11-01T10:05:00.000Z in the step Build: States.TaskFailed.');
    const failure = {
      version: 1,
      step: 'Build',
      code: 'AgentDied',
      message: 'It died.',
      remedy: 'Feed it.',
      logs: [],
      agent: null,
    } as const;
    const told = explain({ ...failed, failure: { ...failure, logs: [] } });
    expect(told.state).to.equal('needs-person');
    expect(told.why).to.contain('AgentDied: It died.');
    const older = { ...deadLetter({ executionArn: 'arn:older' }), id: 'letter-0' };
    const ended = [execution({ outcome: null, reason: 'States.TaskFailed' })];
    const { evidence } = explain({
      ...failed,
      failure: { ...failure, logs: [] },
      executions: ended,
      deadLetters: [deadLetter(), older],
    });
    expect(evidence.executions.map(({ reason }) => reason)).to.deep.equal(['AgentDied']);
    expect(evidence.deadLetters.map(({ error }) => error)).to.deep.equal(['AgentDied', 'States.TaskFailed']);
    expect(told.changes).to.deep.equal([
      'Feed it.',
      'See more: kiro-worker dlq show letter-1 --env test',
      'When the cause is mended: kiro-worker dlq redrive letter-1 --env test, or move the item back to the ready column.',
    ]);
  });

  it('says of a parked item why it is parked', () => {
    expect(explain({ lock: lock({ state: 'parked', attempts: 3, life: 'died' }) }).why).to.equal(
      'It is parked: 3 executions of it died.',
    );
    expect(explain({ lock: lock({ state: 'parked', attempts: 1, life: 'failed' }) }).why).to.match(
      /its last execution failed and could not say so on the board/,
    );
  });

  it('does not hold an old dead letter against an item that something has become of since', () => {
    const old = { deadLetters: [deadLetter({ failedAt: EARLIER })] };
    expect(explain(old).state, 'a tick has decided').to.equal('waiting');
    const taken = { ...old, decisions: [decided({ decision: 'taken', reason: 'Taken' })] };
    expect(explain({ ...taken, executions: [execution()] }).state, 'taken again, and well').to.equal('ended');
    const redriven = {
      decisions: [decided({ decision: 'taken', reason: 'Taken', at: '2026-11-01T09:50:00.000Z' })],
      ticks: [],
    };
    expect(explain({ ...old, ...redriven, executions: [execution()] }).state, 'redriven, and well').to.equal('ended');
    const again = explain({ ...old, ...redriven, lock: lock({ state: 'free', acquiredAt: TICK }) });
    expect(again.state, 'redriven; its execution is forgotten').to.not.equal('needs-person');
    expect(explain({ ...old, ...redriven, executions: [] }).state, 'nothing since').to.equal('needs-person');
  });

  it('says of a failed item that a redrive is refused while budget or circuit breaker are against it', () => {
    const failed = { decisions: [decided({ decision: 'taken', reason: 'Taken' })], deadLetters: [deadLetter()] };
    const { state, changes } = explain({ ...failed, position: position({ breaker }) });
    expect(state).to.equal('needs-person');
    expect(changes[1]).to.equal(`Before a redrive (until then it is refused, BreakerOpen): ${openChange}`);
  });

  it('gives the words of the execution for a step that wrote nothing down itself', () => {
    const refused = deadLetter({ step: 'AcquireLock', error: 'CreditsUsedUp' });
    const { why } = explain({
      decisions: [],
      deadLetters: [refused],
      executions: [execution({ outcome: null, status: 'FAILED', message: 'All is spent.' })],
    });
    expect(why).to.equal('It failed at 2026-11-01T10:05:00.000Z in the step AcquireLock: CreditsUsedUp: All is spent.');
  });

  it('says what became of an item that was taken', () => {
    const taken = { decisions: [decided({ decision: 'taken', reason: 'Taken', message: 'Branch x.' })] };
    const green = explain({ ...taken, executions: [execution()] });
    expect([green.state, green.changes[0]?.slice(0, 24)]).to.deep.equal(['ended', 'Review its pull request.']);
    const red = explain({ ...taken, executions: [execution({ outcome: 'red', message: '33 % are covered.' })] });
    expect([red.state, red.why]).to.deep.equal(['ended', 'It was worked on and has ended red: 33 % are covered.']);
    const failed = execution({ outcome: null, status: 'FAILED', reason: 'States.TaskFailed', message: 'It broke.' });
    const lost = explain({ ...taken, executions: [failed] });
    expect([lost.state, lost.why], 'somebody has removed its dead letter').to.deep.equal([
      'needs-person',
      'Its execution has ended FAILED: States.TaskFailed: It broke., and no dead letter of it is left.',
    ]);
    const running = explain({ ...taken, executions: [execution({ outcome: null, status: 'RUNNING' })] });
    expect(running.state).to.equal('running');
    expect(explain(taken).state, 'its execution is not known yet').to.equal('next');
  });

  describe('of an item that was chosen and not begun', () => {
    const skipped = (reason: string, change: Partial<Facts> = {}) =>
      explain({
        decisions: [decided({ decision: 'taken', reason: 'Taken', message: 'Branch x.' })],
        executions: [execution({ outcome: 'skipped', reason, message: 'Because.' })],
        ...change,
      });

    it('says that the next tick decides, once nothing of it is left', () => {
      const free = { slots: [slot({ owner: null, itemId: null, life: null })] };
      for (const reason of ['held', 'no-free-slot', 'no-credits']) {
        const { state, why } = skipped(reason, free);
        expect([state, why], reason).to.deep.equal([
          'next',
          `The tick of ${TICK} chose it, and it was not begun after all: Because.`,
        ]);
      }
      expect(skipped('held', { slots: [slot({ life: 'died' })] }).state, 'whoever has the place is dead').to.equal(
        'next',
      );
    });

    it('says who has the places, and that budget or circuit breaker are against it now', () => {
      const full = skipped('no-free-slot');
      expect(full.state).to.equal('waiting');
      expect(full.why).to.match(/Because\. Every place is taken now, by PVTI_9\.$/);
      const spent = position({ spentToday: { known: 240, unknownRuns: 0 } });
      expect(skipped('no-credits', { position: spent }).state).to.equal('stopped');
    });

    it('says that it must be ready again, when somebody has moved it', () => {
      const { state, changes } = skipped('no-longer-ready');
      expect([state, changes]).to.deep.equal(['unseen', ['Move it to the ready column to have it taken.']]);
    });
  });

  it('says that budget or circuit breaker hold it back now, also when the last tick waited for something else', () => {
    const spent = explain({ position: position({ spentToday: { known: 240, unknownRuns: 3 } }) });
    expect(spent.state).to.equal('stopped');
    expect(spent.why).to.contain(
      '240 credits and 3 runs of unknown cost (counted as 1 each) were spent on 2026-11-01 (UTC)',
    );
    expect(spent.changes[0]).to.contain('`kiro-worker budget set --day CREDITS --env test`');
    const open = explain({ position: position({ breaker }) });
    expect([open.state, open.changes[0]]).to.deep.equal(['stopped', openChange]);
    expect(open.evidence.budget.breaker).to.deep.equal({
      state: 'open',
      fruitlessRuns: 1,
      opensAfter: 3,
      triesAgainAt: '2026-11-01T15:55:00.000Z',
    });
    const own = explain({ spent: { known: 90, unknownRuns: 0 } });
    expect([own.state, own.changes[0]]).to.deep.equal(['refused', ownChange]);
  });

  it('says once the budget has been raised that the next tick decides, unless something else holds it back now', () => {
    const raised = { decisions: [decided({ reason: 'DayBudgetUsedUp' })] };
    const free = explain({ ...raised, slots: [slot({ owner: null, itemId: null, life: null })] });
    expect([free.state, free.why]).to.deep.equal([
      'next',
      `At ${TICK} it was held back (DayBudgetUsedUp); budget and circuit breaker hold it back no more.`,
    ]);
    const full = explain(raised);
    expect([full.state, full.changes]).to.deep.equal(['waiting', [receiptReasons.NoFreeSlot.change]]);
    expect(full.why).to.match(/Every place is taken now, by PVTI_9\.$/);
  });

  it('does not say that an execution has it which has ended since the tick', () => {
    const was = decided({ reason: 'HeldByAnother', message: 'Held by x.' });
    const { state, why } = explain({ decisions: [was], lock: lock({ state: 'free' }), slots: [] });
    expect([state, why]).to.deep.equal([
      'next',
      `At ${TICK} it was held back (HeldByAnother); the execution that held it has ended.`,
    ]);
  });

  it('does not speak of the circuit breaker where another program has the item', () => {
    for (const reason of ['InProgressElsewhere', 'MovedAway'] as const) {
      const { state, changes } = explain({ decisions: [decided({ reason })], position: position({ breaker }) });
      expect([state, changes]).to.deep.equal(['waiting', [receiptReasons[reason].change]]);
    }
  });

  it('answers from lock, executions and budget where receipts cannot be read, and says which', () => {
    const unreadable = ['receipts/a.json is not JSON.', 'receipts/b.json is not JSON.'];
    const { state, notes } = explain({ ticks: [], decisions: [], unreadable, lock: lock() });
    expect(state).to.equal('running');
    expect(notes[0]).to.match(/^2 receipts cannot be read, so what was decided there is not known: receipts\/a\.json/);
    expect(explain({ unreadable }).state).to.equal('waiting');
  });

  it('keeps a refusal that no budget changes', () => {
    const refused = decided({ decision: 'refused', reason: 'NoBranch', message: 'No branch.' });
    const { state, changes } = explain({ decisions: [refused], position: position({ breaker }) });
    expect([state, changes]).to.deep.equal(['refused', [receiptReasons.NoBranch.change]]);
  });

  it('says of an item that the last good tick has not seen where it was last', () => {
    const { state, why, changes } = explain({ decisions: [decided({ at: EARLIER })] });
    expect(state).to.equal('unseen');
    expect(why)
      .to.contain('neither in the ready column nor in progress')
      .and.to.contain(`${EARLIER}: waiting (NoFreeSlot)`);
    expect(changes[0]).to.equal('Move https://github.com/acme/shop/issues/12 to the ready column of the board.');
    expect(explain({ ticks: [], decisions: [] }).why).to.equal('No tick has looked at the board yet.');
  });

  it('keeps the last decision while ticks fail, and says that they do', () => {
    const failed = tick({ startedAt: '2026-11-01T10:04:00.000Z', outcome: 'failed', message: 'No such field.' });
    const { state, notes } = explain({ ticks: [failed, tick()] });
    expect(state).to.equal('waiting');
    expect(notes).to.deep.equal([
      'The last tick (2026-11-01T10:04:00.000Z) failed: No such field. Until a tick goes well nothing is begun.',
    ]);
    const limited = explain({
      ticks: [tick({ outcome: 'rate-limited', unlisted: 7 })],
      now: new Date('2026-11-01T12:00:00Z'),
    });
    expect(limited.notes.join(' ')).to.match(/met a rate limit.*120 minutes ago.*does not list 7 items/);
  });

  it('keeps the last decision while GitHub does not answer, and says so', () => {
    const silent = tick({ startedAt: '2026-11-01T10:04:00.000Z', outcome: 'github-unavailable', message: '502.' });
    const { state, notes } = explain({ ticks: [silent, tick()] });
    expect(state).to.equal('waiting');
    expect(notes.join(' ')).to.match(/^The last tick \(.*\) got no answer from GitHub: 502\. Until/);
  });

  it('knows reasons of other releases by their message', () => {
    const { why } = explain({ decisions: [decided({ reason: 'MoonPhase', message: 'The moon is full.' })] });
    expect(why).to.equal('The reason MoonPhase is of another release of this program. The moon is full.');
  });

  it('shows ticks that decided the same as one line', () => {
    const decisions = [decided(), decided({ at: EARLIER }), decided({ at: EARLIER, reason: 'BranchBusy' })];
    expect(explain({ decisions }).evidence.history).to.deep.equal([
      { at: TICK, decision: 'waiting', reason: 'NoFreeSlot', ticks: 2 },
      { at: EARLIER, decision: 'waiting', reason: 'BranchBusy', ticks: 1 },
    ]);
    const many = Array.from({ length: 30 }, (_, index) => decided({ reason: index % 2 ? 'BranchBusy' : 'NoFreeSlot' }));
    expect(explain({ decisions: many }).evidence.history).to.have.length(10);
  });
});
