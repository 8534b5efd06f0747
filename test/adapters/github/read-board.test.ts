import { expect } from 'chai';
import { findBoard } from '../../../adapters/github/find-board';
import { readOpenBlockers } from '../../../adapters/github/open-blockers';
import { readBoardPages, statusFilter } from '../../../adapters/github/read-board';
import type { BoardEntry } from '../../../domain/board-entry';
import type { BoardSettings } from '../../../domain/board-settings';
import { failureOf } from '../../support/failure-of';
import {
  type BoardPlan,
  boardFields,
  type GitHubBench,
  REPOSITORY,
  type Row,
  settingsOf,
  startGitHubBench,
} from '../../support/github-bench';

const READ = ['Ready', 'In progress'];

describe('readBoardPages', () => {
  let bench: GitHubBench;
  beforeEach(async () => {
    bench = await startGitHubBench();
  });
  afterEach(() => bench.close());

  const read = async (
    plan: BoardPlan,
    statuses: readonly string[] = READ,
    change: Partial<BoardSettings> = {},
  ): Promise<{ readonly entries: readonly BoardEntry[]; readonly requests: number }> => {
    await bench.plant(plan);
    const settings = settingsOf(change);
    const board = await findBoard(settings, bench.run);
    const before = bench.asked();
    const entries: BoardEntry[] = [];
    for await (const page of readBoardPages(board, settings, statuses, bench.run)) entries.push(...page);
    return { entries, requests: bench.asked() - before };
  };
  const issueIn = ({ content }: BoardEntry) => {
    if (content.kind !== 'issue') throw new Error(`${content.kind} is no issue`);
    return content;
  };
  const numbersIn = (entries: readonly BoardEntry[]) => entries.map((entry) => issueIn(entry).number);
  const blockersOf = async (rows: readonly Row[], number: number) => {
    const { entries } = await read({ rows });
    const found = entries.map(issueIn).find((issue) => issue.number === number);
    return found?.blockedBy;
  };

  it('reads what a row shows', async () => {
    const values = { Priority: 'High', Branch: ' feature/x ', Spec: ' specs/x ' };
    const { entries } = await read({
      rows: [{ number: 3, title: 'Größe', createdAt: '2026-01-02T03:04:05Z', values }],
    });
    const [entry] = entries;
    if (!entry) throw new Error('nothing was read');
    expect(entry).to.include({
      status: 'Ready',
      priority: 'High',
      branch: 'feature/x',
      spec: 'specs/x',
      isArchived: false,
    });
    expect(issueIn(entry)).to.deep.include({
      number: 3,
      title: 'Größe',
      isOpen: true,
      createdAt: '2026-01-02T03:04:05Z',
      repository: REPOSITORY,
      blockedBy: [],
    });
  });

  it('reads an empty field, and one of blanks, as none', async () => {
    const { entries } = await read({ rows: [{ number: 1, values: { Branch: '  ' } }] });
    expect(entries[0]).to.include({ priority: null, branch: null, spec: null });
  });

  it('tells drafts, pull requests, redacted and closed items apart', async () => {
    const values = { Status: 'Ready' };
    const { entries } = await read({
      rows: [{ number: 1, state: 'CLOSED' }],
      repository: { pullRequests: [{ number: 2, title: 'A change', head: 'feature', base: 'main' }] },
      others: [
        { type: 'pull-request', repository: REPOSITORY, number: 2, values },
        { type: 'draft-issue', title: 'An idea', values },
        { type: 'redacted', key: 'secret', values },
      ],
    });
    expect(entries.map(({ content }) => content.kind)).to.deep.equal(['issue', 'pull-request', 'draft', 'redacted']);
    expect(entries.map(({ content }) => ('isOpen' in content ? content.isOpen : null))[0]).to.equal(false);
  });

  it('leaves out archived items and those in other columns, on the server', async () => {
    const rows = [
      { number: 1, values: { Status: 'Done' } },
      { number: 2, archived: true },
      { number: 3, values: { Status: 'In progress' } },
      { number: 4 },
    ];
    expect(numbersIn((await read({ rows })).entries)).to.deep.equal([3, 4]);
  });

  for (const [count, requests] of [
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ] as const)
    it(`reads ${count} items in ${requests} requests, in the board's order`, async () => {
      const rows = Array.from({ length: count }, (_, index) => ({ number: index + 1 }));
      const answer = await read({ rows });
      expect(numbersIn(answer.entries)).to.deep.equal(rows.map(({ number }) => number));
      expect(answer.requests).to.equal(requests);
    });

  describe('blockers', () => {
    it('are the open ones, by number', async () => {
      const rows: Row[] = [{ number: 1, blockedBy: [2, 3] }, { number: 2 }, { number: 3, state: 'CLOSED' }];
      expect(await blockersOf(rows, 1)).to.deep.equal(['#2']);
    });

    it('beyond the first 50 are looked at only when all of those are closed', async () => {
      const closed = Array.from({ length: 120 }, (_, index) => ({ number: index + 10, state: 'CLOSED' as const }));
      const rows: Row[] = [
        { number: 1, blockedBy: [...closed.map(({ number }) => number), 2] },
        { number: 2 },
        { number: 3, blockedBy: closed.map(({ number }) => number) },
        { number: 4, blockedBy: [2, ...closed.map(({ number }) => number)] },
        ...closed.map((row) => ({ ...row, values: { Status: 'Done' } })),
      ];
      const { entries, requests } = await read({ rows });
      expect(entries.map(issueIn).map(({ number, blockedBy }) => [number, blockedBy])).to.deep.equal([
        [1, ['#2']],
        [2, []],
        [3, []],
        [4, ['#2']],
      ]);
      expect(requests, '1 page, and 2 pages of blockers for each of #1 and #3').to.equal(5);
    });

    it('of other repositories are named with theirs; one that cannot be seen counts as open', async () => {
      const elsewhere = { number: 7, state: 'OPEN', repository: { nameWithOwner: 'acme/lib' } };
      const first = { totalCount: 2, nodes: [elsewhere, null] };
      expect(await readOpenBlockers('I_1', REPOSITORY, first, bench.run)).to.deep.equal([
        'acme/lib#7',
        'an issue that the token may not see',
      ]);
    });

    it('that GitHub counts and does not show count as open, and so does what it denies', async () => {
      const unseen = ['an issue that the token may not see'];
      const closed = { number: 2, state: 'CLOSED', repository: { nameWithOwner: REPOSITORY } };
      const pageInfo = { hasNextPage: false, endCursor: null };
      const answers = (blockedBy: object | null) =>
        (async <T>() => ({ node: { blockedBy } }) as T) satisfies typeof bench.run;
      const ask = (first: Parameters<typeof readOpenBlockers>[2], blockedBy: object | null) =>
        readOpenBlockers('I_1', REPOSITORY, first, answers(blockedBy));
      expect(await ask({ totalCount: 1, nodes: [] }, { totalCount: 1, nodes: [], pageInfo })).to.deep.equal(unseen);
      const half = { totalCount: 2, nodes: [closed] };
      expect(await ask(half, { ...half, pageInfo })).to.deep.equal(unseen);
      expect(await ask(half, { totalCount: 2, nodes: [closed, null], pageInfo })).to.deep.equal(unseen);
      expect(await ask(half, { totalCount: 1, nodes: [closed], pageInfo })).to.deep.equal([]);
      for (const first of [half, null]) expect(await ask(first, null)).to.deep.equal(unseen);
    });

    it('do not end the tick when a later page holds one that may not be seen', async () => {
      const asked: unknown[] = [];
      const run: typeof bench.run = async <T>(_: string, __: object, options?: object) => {
        asked.push(options);
        return {
          node: { blockedBy: { totalCount: 60, nodes: [null], pageInfo: { hasNextPage: false, endCursor: null } } },
        } as T;
      };
      await readOpenBlockers('I_1', REPOSITORY, { totalCount: 60, nodes: [] }, run);
      expect(asked).to.deep.equal([{ hiddenAsNull: true }]);
    });

    it('that lead in a circle are refused', async () => {
      const page = { totalCount: 900, nodes: [], pageInfo: { hasNextPage: true, endCursor: 'a' } };
      const run: typeof bench.run = async <T>() => ({ node: { blockedBy: page } }) as T;
      const error = await failureOf(readOpenBlockers('I_1', REPOSITORY, { totalCount: 900, nodes: [] }, run));
      expect(error.name).to.equal('GitHubUnavailable');
    });
  });

  describe('the filter', () => {
    it('quotes every option, so that spaces and commas are part of the name', async () => {
      expect(statusFilter('Status', ['Ready', 'In progress', 'a, b'])).to.equal('status:"Ready","In progress","a, b"');
      const options = ['Ready', 'Now, please', 'In review', 'Needs attention', 'please'];
      const fields = [{ name: 'Status', type: 'single-select' as const, options }, ...boardFields.slice(1)];
      const rows = options.map((Status, index) => ({ number: index + 1, values: { Status } }));
      const change = { options: { ...settingsOf().options, inProgress: 'Now, please' } };
      const { entries } = await read({ rows, fields }, ['Ready', 'Now, please'], change);
      expect(numbersIn(entries)).to.deep.equal([1, 2]);
    });

    it('is left out where it could silently match nothing, and the items are chosen here', async () => {
      expect(statusFilter('Status', ['the "best"'])).to.equal('');
      expect(statusFilter('Stage', ['Ready'])).to.equal('');
      const options = ['the "best"', 'In progress', 'In review', 'Needs attention'];
      const fields = [{ name: 'Stage', type: 'single-select' as const, options }, ...boardFields.slice(1)];
      const rows = options.map((Stage, index) => ({ number: index + 1, values: { Stage } })) as Row[];
      const bare = rows.map((row) => ({ ...row, values: { ...row.values } }));
      const { settings, plan } = {
        settings: {
          fields: { ...settingsOf().fields, status: 'Stage' },
          options: { ...settingsOf().options, ready: 'the "best"' },
        },
        plan: {
          rows: bare,
          fields: [...fields, { name: 'Status', type: 'single-select' as const, options: ['Ready'] }],
        },
      };
      const { entries } = await read(plan, ['the "best"', 'In progress'], settings);
      expect(numbersIn(entries)).to.deep.equal([1, 2]);
    });
  });

  describe('pages that do not hold together', () => {
    type Page = { readonly totalCount: number; readonly count: number; readonly next: string | null };
    const readPages = async (pages: readonly Page[]) => {
      await bench.plant({ rows: [] });
      const board = await findBoard(settingsOf(), bench.run);
      const left = [...pages];
      const run: typeof bench.run = async <T>() => {
        const { totalCount, count, next } = left.shift() ?? { totalCount: 0, count: 0, next: null };
        const nodes = Array.from({ length: count }, () => null);
        return {
          node: { items: { totalCount, nodes, pageInfo: { hasNextPage: next !== null, endCursor: next } } },
        } as T;
      };
      for await (const _ of readBoardPages(board, settingsOf(), READ, run));
    };

    it('are refused when they hold less than was announced', async () => {
      const error = await failureOf(
        readPages([
          { totalCount: 250, count: 100, next: 'a' },
          { totalCount: 250, count: 100, next: null },
        ]),
      );
      expect(error.name).to.equal('GitHubUnavailable');
      expect(error.message).to.match(/announced 250 items of the board and sent 200/);
    });

    it('are refused when the next one is the one before', async () => {
      const same = { totalCount: 300, count: 100, next: 'a' };
      expect((await failureOf(readPages([same, same, same]))).message).to.match(/leads nowhere/);
    });

    it('are refused when they lead in a circle, or on without end', async () => {
      const page = (next: string) => ({ totalCount: 300, count: 1, next });
      const circle = ['a', 'b', 'a', 'b', 'a', 'b'].map(page);
      expect((await failureOf(readPages(circle))).message).to.match(/leads nowhere/);
      const endless = Array.from({ length: 1_500 }, (_, index) => page(`c${index}`));
      expect((await failureOf(readPages(endless))).message).to.match(/leads nowhere/);
    });

    it('tell of items of which GitHub shows nothing at all', async () => {
      await bench.plant({ rows: [] });
      const board = await findBoard(settingsOf(), bench.run);
      const nodes = [null, null];
      const items = { totalCount: 2, nodes, pageInfo: { hasNextPage: false, endCursor: null } };
      const run: typeof bench.run = async <T>() => ({ node: { items } }) as T;
      const entries: BoardEntry[] = [];
      for await (const page of readBoardPages(board, settingsOf(), READ, run)) entries.push(...page);
      expect(entries.map(({ content, status }) => [content.kind, status])).to.deep.equal([
        ['redacted', 'Ready'],
        ['redacted', 'Ready'],
      ]);
      expect(new Set(entries.map(({ itemId }) => itemId)).size).to.equal(2);
    });

    it('are taken when the board has changed while it was read', async () => {
      await readPages([
        { totalCount: 150, count: 100, next: 'a' },
        { totalCount: 149, count: 49, next: null },
      ]);
      await readPages([
        { totalCount: 150, count: 100, next: 'a' },
        { totalCount: 151, count: 50, next: null },
      ]);
    });
  });

  it('says so when the board vanishes while it is read', async () => {
    await bench.plant({ rows: [{ number: 1 }] });
    const settings = settingsOf();
    const issue = bench.github.model.all('Issue')[0];
    const board = { ...(await findBoard(settings, bench.run)), projectId: issue?.id ?? '' };
    const error = await failureOf(readBoardPages(board, settings, READ, bench.run).next());
    expect(error.name).to.equal('BoardMisconfigured');
    expect(error.message).to.match(/vanished/);
  });
});
