import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { Board, BoardEntry } from '../../../domain/board-entry';
import { createDecisions } from '../../../lambdas/poll-work-items/decisions';
import { MAX_CANDIDATES, readCandidates } from '../../../lambdas/poll-work-items/read-candidates';
import { type Row, settingsOf } from '../../support/github-bench';
import { pollBench } from './poll-bench';

/** What is still held, not what has not been collected yet. */
const heldBytes = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
};

describe('a board of 10,000 items', () => {
  const bench = pollBench();

  it('is read in 100 requests, and one for the board and one for the branch that is taken', async function () {
    this.timeout(120_000);
    const rows = Array.from(
      { length: 10_000 },
      (_, index): Row => ({
        number: index + 1,
        createdAt: new Date(Date.parse('2026-01-01T00:00:00Z') - index * 1000).toISOString(),
        values: index % 2 === 0 ? { Priority: 'Low' } : { Status: 'In progress' },
      }),
    );
    await bench().github.plant({ rows });
    const tick = await bench().poll();
    expect(tick.numbers, 'the oldest of those that are ready').to.deep.equal([9_999]);
    expect(tick.receipt.requests).to.equal(102);
    expect(tick.receipt.message).to.equal('Taken: #9999.');
    expect(tick.receipt.counts).to.deep.equal({ taken: 1, waiting: 9_999, refused: 0, reconciled: 0, parked: 0 });
    expect(new Set(tick.receipt.entries.map(({ itemId }) => itemId)).size, 'every item has its line').to.equal(10_000);
    expect(tick.receipt.entries.filter(({ reason }) => reason === 'BehindOthers')).to.have.length(4_500);
    expect(JSON.stringify(tick.receipt).length).to.be.below(5_000_000);
  });
});

describe('readCandidates', () => {
  const board: Board = { projectId: 'PVT_1', statusFieldId: 'F', statusOptionIds: {} };
  const entry = (number: number): BoardEntry => ({
    itemId: `PVTI_${number}`,
    isArchived: false,
    status: 'Ready',
    priority: number % 1_000 === 999 ? 'Urgent' : null,
    branch: `feature/${number}`,
    spec: null,
    content: {
      kind: 'issue',
      issueId: `I_${number}`,
      number,
      title: 'x'.repeat(200),
      url: `https://github.com/acme/work/issues/${number}`,
      isOpen: number % 3 !== 0,
      createdAt: '2026-01-01T00:00:00Z',
      repository: 'acme/work',
      repositoryId: 'R_1',
      blockedBy: [],
    },
  });

  it('keeps the most urgent of however many there are, in memory that does not grow with them', async () => {
    const pages = async function* (): AsyncGenerator<readonly BoardEntry[]> {
      for (let page = 0; page < 3_000; page += 1)
        yield Array.from({ length: 100 }, (_, index) => entry(page * 100 + index + 1));
    };
    const decisions = createDecisions();
    const before = heldBytes();
    const best = await readCandidates(board, settingsOf(), new Map(), decisions, { boards: { pages } });
    const grown = heldBytes() - before;
    expect(best).to.have.length(MAX_CANDIDATES);
    expect(best.slice(0, 200).every(({ entry: { priority } }) => priority === 'Urgent')).to.equal(true);
    expect(best.filter(({ entry: { priority } }) => priority === 'Urgent')).to.have.length(200);
    expect(decisions.counts().refused).to.equal(100_000);
    expect(decisions.counts().waiting, 'those that are not kept').to.equal(200_000 - MAX_CANDIDATES);
    expect(grown, 'all of them would be some 200 MB').to.be.below(60 * 1024 * 1024);
  });
});
