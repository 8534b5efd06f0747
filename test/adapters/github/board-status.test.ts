import { expect } from 'chai';
import { githubBoardStatus } from '../../../adapters/github/board-status';
import { failureOf } from '../../support/failure-of';
import { type GitHubBench, settingsOf, startGitHubBench } from '../../support/github-bench';

describe('githubBoardStatus', () => {
  let bench: GitHubBench;
  let itemId: string;
  const pauses: number[] = [];
  beforeEach(async () => {
    pauses.length = 0;
    bench = await startGitHubBench();
    await bench.plant({ rows: [{ number: 1 }] });
    itemId = bench.github.model.all('ProjectV2Item').find(({ parentId }) => isOurs(parentId))?.id ?? '';
  });
  afterEach(() => bench.close());
  const isOurs = (boardId: string) =>
    bench.github.model.find(boardId, 'ProjectV2')?.title === 'Work' &&
    bench.github.model.find(boardId, 'ProjectV2')?.number === 9;

  const board = () =>
    githubBoardStatus({
      settings: async () => settingsOf(),
      run: bench.run,
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    });

  it('reads the status, writes another one and sees it', async () => {
    expect(await board().read(itemId)).to.equal('Ready');
    await board().write(itemId, 'inReview');
    expect(await board().read(itemId)).to.equal('In review');
    expect(pauses).to.deep.equal([]);
  });

  it('gives null for an item without a status', async () => {
    const item = bench.github.model.find(itemId, 'ProjectV2Item');
    if (item) bench.github.model.put({ ...item, values: {} });
    expect(await board().read(itemId)).to.equal(null);
  });

  it('looks again, ever later, and says so when a write that was accepted never shows', async () => {
    bench.github.faults.add({ kind: 'unseen-write', operation: 'updateProjectV2ItemFieldValue' });
    const error = await failureOf(board().write(itemId, 'needsAttention'));
    expect(error.name).to.equal('BoardWriteNotVisible');
    expect(error.message).to.match(/accepted "Needs attention"/);
    expect(pauses).to.deep.equal([500, 1000, 2000]);
  });

  it('says NotFound when the item is no longer on the board', async () => {
    expect((await failureOf(board().read('PVTI_gone'))).name).to.equal('NotFound');
  });
});
