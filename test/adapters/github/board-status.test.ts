import { expect } from 'chai';
import { githubBoardStatus } from '../../../adapters/github/board-status';
import { WorkerError } from '../../../domain/errors';
import type { RecordOf } from '../../../local/github/records';
import { failureOf } from '../../support/failure-of';
import { type GitHubBench, settingsOf, startGitHubBench } from '../../support/github-bench';

type Item = RecordOf<'ProjectV2Item'>;

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

  /** What somebody else does, on GitHub itself, before or after one of our requests. */
  type Between = { readonly before?: Record<string, () => void>; readonly after?: Record<string, () => void> };
  const nameOf = (document: string) => /\w+ (\w+)/.exec(document)?.[1] ?? '';

  const board = ({ before = {}, after = {} }: Between = {}) =>
    githubBoardStatus({
      settings: async () => settingsOf(),
      run: async (document, variables, more) => {
        before[nameOf(document)]?.();
        const answer = await bench.run(document, variables, more);
        after[nameOf(document)]?.();
        return answer as never;
      },
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

  const change = (by: (item: Item) => Item) => () => {
    const item = bench.github.model.find(itemId, 'ProjectV2Item');
    if (item) bench.github.model.put(by(item));
  };
  const archive = change((item) => ({ ...item, isArchived: true }));
  const statusField = () =>
    bench.github.model
      .all('ProjectV2SingleSelectField')
      .find(({ name, parentId }) => name === 'Status' && isOurs(parentId));
  const moveTo = (name: string) =>
    change((item) => {
      const field = statusField();
      const option = field?.options.find((known) => known.name === name)?.id ?? '';
      return { ...item, values: { ...item.values, [field?.id ?? '']: option } };
    });
  const writes = () => bench.github.requests.filter(({ operations }) => operations.includes('SetStatus')).length;

  it('reads none from an item that is archived or no longer on the board, and writes nothing to it', async () => {
    expect(await board().read('PVTI_gone')).to.equal(null);
    expect(await board().write('PVTI_gone', 'inReview')).to.equal('gone');
    archive();
    expect(await board().read(itemId)).to.equal(null);
    expect(await board().write(itemId, 'inReview')).to.equal('gone');
    expect(writes()).to.equal(0);
  });

  it('takes an address without an API for an error, not for an item that is gone', async () => {
    const missing = async () => {
      throw new WorkerError('NotFound', 'GitHub found nothing there.');
    };
    const lost = githubBoardStatus({ settings: async () => settingsOf(), run: missing, pause: async () => undefined });
    expect((await failureOf(lost.read(itemId))).name).to.equal('NotFound');
  });

  it('leaves an item alone that is archived between two requests', async () => {
    expect(await board({ before: { SetStatus: archive } }).write(itemId, 'inReview')).to.equal('gone');
    expect(await board().read(itemId)).to.equal(null);
  });

  it('leaves an item where somebody else has moved it right after the write', async () => {
    const between = { after: { SetStatus: moveTo('Done') } };
    expect(await board(between).write(itemId, 'inReview')).to.equal('overtaken');
    expect(await board().read(itemId)).to.equal('Done');
    expect(writes()).to.equal(1);
  });

  it('writes only to an item that still shows what was decided on', async () => {
    const between = { after: { OrganizationBoard: moveTo('Backlog') } };
    moveTo('In progress')();
    expect(await board().write(itemId, 'inProgress', 'Ready')).to.equal('overtaken');
    expect(await board().write(itemId, 'inProgress', 'In progress')).to.equal('written');
    expect(writes()).to.equal(0);
    expect(await board(between).write(itemId, 'inReview', 'In progress')).to.equal('written');
  });

  it('does not take a read that fails for a write that failed', async () => {
    for (const count of [1, 3]) {
      moveTo('Ready')();
      bench.github.faults.add({ kind: 'unavailable', status: 502, operation: 'ItemStatus', after: 1, count });
      expect(await board().write(itemId, 'inReview')).to.equal('written');
    }
    expect(writes()).to.equal(2);
    moveTo('Ready')();
    bench.github.faults.add({ kind: 'unavailable', status: 504, operation: 'ItemStatus', after: 1, count: 4 });
    expect((await failureOf(board().write(itemId, 'inReview'))).name).to.equal('GitHubUnavailable');
  });

  it('stops looking at once when GitHub wants no more requests', async () => {
    bench.github.faults.add({ kind: 'rate-limit', status: 200, operation: 'ItemStatus', after: 1 });
    expect((await failureOf(board().write(itemId, 'inReview'))).name).to.equal('RateLimited');
    expect(pauses).to.deep.equal([]);
  });

  it('says which option is missing when it is deleted between two requests', async () => {
    const drop = () => {
      const field = statusField();
      if (field)
        bench.github.model.put({ ...field, options: field.options.filter(({ name }) => name !== 'In review') });
    };
    const error = await failureOf(board({ before: { SetStatus: drop } }).write(itemId, 'inReview'));
    expect(error.name).to.equal('BoardMisconfigured');
    expect(error.message).to.match(/no option "In review"/);
  });

  it('has the second of two workers begin nothing once the write of the first one shows', async () => {
    const first = board().write(itemId, 'inProgress', 'Ready');
    expect(await first).to.equal('written');
    expect(await board().write(itemId, 'inProgress', 'Ready')).to.equal('overtaken');
    expect(writes()).to.equal(1);
  });
});
