import { expect } from 'chai';
import { git } from '../../local/github/github-fixture';
import { failureOf } from '../../support/failure-of';
import { REPOSITORY, type Row } from '../../support/github-bench';
import { executionOf } from '../../support/work-items';
import type { Tick } from './poll-bench';
import { pollBench } from './poll-bench';

const reasonsIn = ({ receipt }: Tick) =>
  Object.fromEntries(receipt.entries.map(({ title, decision, reason }) => [title, `${decision}: ${reason}`]));
const messageOf = ({ receipt }: Tick, title: string) => receipt.entries.find((entry) => entry.title === title)?.message;

describe('pollWorkItems, choosing,', () => {
  const bench = pollBench();
  const plant = (rows: readonly Row[], more: Parameters<ReturnType<typeof bench>['github']['plant']>[0] = {}) =>
    bench().github.plant({ rows, ...more });

  it('hands a ready item over, complete', async () => {
    await plant([{ number: 1, createdAt: '2026-01-02T03:04:05Z', values: { Priority: 'High', Spec: 'specs/one/' } }]);
    const tick = await bench().poll();
    expect(tick.items).to.deep.equal([{ ...bench().item(1), priority: 'High', specPath: 'specs/one' }]);
    expect(tick).to.include({ outcome: 'items', message: 'Taken: #1.', receiptKey: 'receipts/tick-1' });
    expect(tick.receipt).to.deep.include({ outcome: 'items', freeSlots: 1, environment: 'test', release: 'r1' });
    expect(reasonsIn(tick)).to.deep.equal({ 'Issue 1': 'taken: Taken' });
  });

  it('is idle on an empty board, and says so', async () => {
    await plant([]);
    const tick = await bench().poll();
    expect(tick).to.deep.include({ outcome: 'idle', items: [], message: 'Nothing to do: no item is ready.' });
    expect(tick.receipt.requests, 'the board and its one empty page').to.equal(2);
  });

  it('takes the most urgent first by the order of the options on the board, then the oldest; none comes last', async () => {
    const aged = (number: number, day: number, Priority?: string): Row => ({
      number,
      createdAt: `2026-01-0${day}T00:00:00Z`,
      values: Priority ? { Priority } : {},
    });
    await plant([aged(1, 1), aged(2, 2, 'Someday'), aged(3, 5, 'Urgent'), aged(4, 3, 'High'), aged(5, 4, 'Urgent')]);
    const tick = await bench().poll({ slots: 5 });
    expect(tick.numbers).to.deep.equal([5, 3, 4, 2, 1]);
  });

  it('refuses, before anything is spent, a branch whose rules would refuse the push, and says which rule and what to do', async () => {
    const rules = [
      { type: 'required_signatures' as const, branches: 'feature*' },
      { type: 'non_fast_forward' as const, branches: '~ALL' },
      { type: 'pull_request' as const, branches: '~DEFAULT_BRANCH' },
    ];
    const rows = [
      { number: 1, values: { Branch: 'feature' } },
      { number: 2, values: { Branch: 'level' } },
    ];
    await bench().github.plant({ rows, repository: { rules } });
    const tick = await bench().poll({ slots: 2 });
    expect(tick.numbers).to.deep.equal([2]);
    expect(reasonsIn(tick)).to.include({ 'Issue 1': 'refused: SignedCommitsRequired' });
    const entry = tick.receipt.entries.find(({ decision }) => decision === 'refused');
    expect(entry?.message).to.match(/A rule for "feature" requires signed commits.* base branch only/);
    const rest = bench().github.github.requests.filter(({ kind }) => kind === 'rest');
    expect(rest, 'asked only for the branch that has such rules').to.have.length(2);
  });

  it('goes by the priorities of the settings where those are given; what they leave out comes last', async () => {
    const rows = ['Low', 'Someday', 'Urgent', 'High'].map((Priority, index) => ({
      number: index + 1,
      values: { Priority },
    }));
    await plant(rows);
    const tick = await bench().poll({ slots: 4, settings: { priorities: ['Low', 'High'] } });
    expect(tick.numbers).to.deep.equal([1, 4, 2, 3]);
  });

  it('fails loudly when the settings name a priority that the board does not have', async () => {
    await plant([{ number: 1 }]);
    const error = await failureOf(bench().poll({ settings: { priorities: ['Urgent', 'Hihg'] } }));
    expect(error.name).to.equal('BoardMisconfigured');
    expect(error.message).to.match(/"Priority" of the board acme\/9 has no option "Hihg"; it has "Urgent", "High"/);
  });

  it('takes no more than there are free slots, and says who waits', async () => {
    await plant([{ number: 1 }, { number: 2 }, { number: 3 }]);
    await bench()
      .locks()
      .locks(2)
      .acquire({ item: bench().item(1), owner: executionOf('run-1'), dryRun: false });
    const tick = await bench().poll({ slots: 2 });
    expect(tick.numbers).to.deep.equal([2]);
    expect(tick.receipt.freeSlots).to.equal(1);
    expect(reasonsIn(tick)).to.deep.equal({
      'Issue 1': 'waiting: HeldByAnother',
      'Issue 2': 'taken: Taken',
      'Issue 3': 'waiting: NoFreeSlot',
    });
  });

  it('asks for no branch of anybody when no slot is free', async () => {
    await plant([{ number: 1 }, { number: 2, values: { Branch: ' ' } }]);
    const free = bench().locks().locks(1);
    await free.acquire({ item: { ...bench().item(1), itemId: 'other' }, owner: executionOf('x'), dryRun: false });
    const tick = await bench().poll();
    expect(tick.outcome).to.equal('waiting');
    expect(tick.receipt.requests).to.equal(2);
  });

  it('refuses what is no work, each with its reason', async () => {
    const rows: Row[] = [
      { number: 1, state: 'CLOSED' },
      { number: 2, blockedBy: [9] },
      { number: 3, values: { Branch: 'a b' } },
      { number: 4, values: { Branch: '../x' } },
      { number: 5, values: { Branch: 'main' } },
      { number: 6, values: { Branch: 'guarded' } },
      { number: 7, values: { Branch: ' ' } },
      { number: 8, values: { Spec: '/etc' } },
      { number: 9, values: { Status: 'In progress' } },
      { number: 10, values: { Status: 'Backlog' } },
    ];
    const ready = { Status: 'Ready' };
    await bench().github.plant({
      rows,
      repository: {
        protectedBranches: ['guarded'],
        pullRequests: [{ number: 50, title: 'A change', head: 'feature', base: 'main' }],
      },
      others: [
        { type: 'pull-request', repository: REPOSITORY, number: 50, values: ready },
        { type: 'draft-issue', title: 'An idea', values: ready },
        { type: 'redacted', key: 'secret', values: ready },
        { type: 'issue', repository: 'acme/shop', number: 1, values: { ...ready, Branch: 'feature' } },
      ],
    });
    await git(bench().github.bare, 'branch', 'guarded', 'main');
    const tick = await bench().poll({ slots: 20 });
    expect(tick.items).to.deep.equal([]);
    expect(reasonsIn(tick)).to.deep.equal({
      'Issue 1': 'refused: IssueClosed',
      'Issue 2': 'refused: Blocked',
      'Issue 3': 'refused: BranchInvalid',
      'Issue 4': 'refused: BranchInvalid',
      'Issue 5': 'refused: BranchForbidden',
      'Issue 6': 'refused: BranchForbidden',
      'Issue 7': 'refused: NoBranch',
      'Issue 8': 'refused: SpecPathInvalid',
      'Issue 9': 'waiting: InProgressElsewhere',
      'A change': 'refused: PullRequest',
      'An idea': 'refused: DraftIssue',
      '(not visible)': 'refused: Redacted',
      'Add the cart': 'refused: RepositoryNotAllowed',
    });
    expect(messageOf(tick, 'Issue 2')).to.equal('Blocked by #9.');
    expect(messageOf(tick, 'Issue 3')).to.equal('The branch "a b" cannot be used: it holds a space.');
    expect(messageOf(tick, 'Issue 5')).to.match(/"main" is the default branch/);
    expect(messageOf(tick, 'Add the cart')).to.equal(
      'acme/shop is not one of the repositories of the board settings (acme/work).',
    );
    expect(tick.message).to.equal('Nothing can be begun without a person: 1 waiting, 12 refused.');
  });

  it('refuses the items of an archived and of an empty repository after one look at it', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => ({ number: index + 1 }));
    await plant(rows, { repository: { isArchived: true } });
    const tick = await bench().poll();
    expect(Object.values(reasonsIn(tick))).to.deep.equal(Array(5).fill('refused: RepositoryArchived'));
    expect(tick.receipt.requests).to.equal(3);
    const record = bench()
      .github.github.model.all('Repository')
      .find((one) => one.nameWithOwner === REPOSITORY);
    if (record) bench().github.github.model.put({ ...record, isArchived: false, defaultBranch: 'nothing' });
    expect(Object.values(reasonsIn(await bench().poll()))).to.deep.equal(Array(5).fill('refused: RepositoryEmpty'));
  });

  it('does not tell upper and lower case of a repository apart, as GitHub does not', async () => {
    await plant([{ number: 1 }]);
    expect((await bench().poll({ settings: { repositories: ['ACME/Work'] } })).numbers).to.deep.equal([1]);
  });

  describe('a branch', () => {
    const blank = { Branch: ' ' };

    it('is the one that is linked to the issue when the field is empty, and names the spec', async () => {
      await plant([{ number: 1, linkedBranches: ['feature'], values: blank }]);
      const { items } = await bench().poll();
      expect(items[0]).to.include({ branch: 'feature', specPath: '.kiro/specs/feature' });
    });

    it('is not taken from the issue when it links one that does not exist any more', async () => {
      await plant([{ number: 1, linkedBranches: ['gone'], values: blank }]);
      expect(reasonsIn(await bench().poll())).to.deep.equal({ 'Issue 1': 'refused: NoBranch' });
    });

    it('that two items name is worked on by one of them at a time', async () => {
      await plant([
        { number: 1, values: { Branch: 'feature/x' } },
        { number: 2, values: { Branch: 'feature/x' } },
        { number: 3, values: { Branch: 'feature/y' } },
      ]);
      const tick = await bench().poll({ slots: 3 });
      expect(tick.numbers).to.deep.equal([1, 3]);
      expect(reasonsIn(tick)['Issue 2']).to.equal('waiting: BranchBusy');
      const [first] = tick.items;
      if (!first) throw new Error('nothing was taken');
      await bench()
        .locks()
        .locks(3)
        .acquire({ item: first, owner: executionOf('run-1'), dryRun: false });
      expect(reasonsIn(await bench().poll({ slots: 3 }))['Issue 2']).to.equal('waiting: BranchBusy');
    });
  });

  describe('a crowd of hopeless items', () => {
    const many = (count: number, change: Partial<Row> = {}): Row[] =>
      Array.from({ length: count }, (_, index) => ({ number: index + 1, ...change }));

    it('without a branch does not keep the good one behind it from its turn', async () => {
      const rows = many(120, { values: { Branch: ' ', Priority: 'Urgent' } });
      await plant([...rows, { number: 500, values: { Priority: 'Low' } }]);
      const tick = await bench().poll();
      expect(tick.numbers).to.deep.equal([500]);
      expect(tick.receipt.requests, 'board, 2 pages, 3 batches of linked branches, 1 branch').to.equal(7);
    });

    it('on protected branches uses up a part of the rate limit and no more, and says so', async () => {
      const rows = many(60, { values: { Branch: 'guarded', Priority: 'Urgent' } });
      await plant([...rows, { number: 500 }], { repository: { protectedBranches: ['guarded'] } });
      await git(bench().github.bare, 'branch', 'guarded', 'main');
      const tick = await bench().poll();
      expect(tick.numbers).to.deep.equal([]);
      expect(tick.receipt.requests).to.equal(52);
      expect(reasonsIn(tick)['Issue 500']).to.equal('waiting: LookUpsUsedUp');
    });
  });

  it('is ready for an item that a person has moved away meanwhile: it is not on the page, so it is not taken', async () => {
    await plant([{ number: 1 }]);
    bench().move(1, 'In review');
    expect((await bench().poll()).receipt.entries).to.deep.equal([]);
  });
});
