import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { boardSettingsSchema } from '../../../domain/board-settings';
import { readBoardFile } from '../../../local/board/board-file';
import { numberItems, seedOfBoard, settingsOfBoard } from '../../../local/board/board-of-file';
import { parseSeed } from '../../../local/github/seed';

const repository = { nameWithOwner: 'local/shop', path: '/srv/shop', defaultBranch: 'main' };

describe('readBoardFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'board file '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (value: unknown): string => {
    const path = join(folder, 'board.json');
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
    return path;
  };
  const problem = (value: unknown): string => {
    try {
      readBoardFile(write(value));
      return 'accepted';
    } catch (error) {
      expect((error as Error).name).to.equal('BoardFileInvalid');
      expect((error as Error).message).to.contain('board.json');
      return (error as Error).message;
    }
  };

  it('fills in what is not said', () => {
    const board = readBoardFile(write({ version: 1, items: [{ title: 'A' }] }));
    expect(board.items[0]).to.deep.equal({ title: 'A', kind: 'issue', state: 'open', body: '' });
    expect(board.statuses.ready).to.equal('Ready');
  });

  it('accepts a board without items and one of 10,000', () => {
    expect(readBoardFile(write({ version: 1, items: [] })).items).to.have.length(0);
    const items = Array.from({ length: 10_000 }, (_, index) => ({ title: `Item ${index}` }));
    expect(readBoardFile(write({ version: 1, items })).items).to.have.length(10_000);
  });

  it('reads a file that starts with a byte order mark', () => {
    expect(readBoardFile(write(`\uFEFF${JSON.stringify({ version: 1, items: [] })}`)).version).to.equal(1);
  });

  it('names what is wrong and where', () => {
    expect(problem({ version: 1, items: [{ title: 'A', brnch: 'x' }] }))
      .to.match(/brnch/)
      .and.match(/items\[0\]/);
    expect(problem({ version: 2, items: [] })).to.contain('version');
    expect(problem({ version: 1, items: [{ title: 'A', priority: 'Now' }] })).to.contain('unknown priority "Now"');
    expect(problem({ version: 1, items: [{ title: 'A', status: 'Soon' }] })).to.contain('unknown status "Soon"');
    expect(
      problem({
        version: 1,
        items: [
          { title: 'A', number: 1 },
          { title: 'B', number: 1 },
        ],
      }),
    ).to.contain('items 0 and 1 have the same number 1');
    expect(problem({ version: 1, statuses: { ready: 'X', inProgress: 'X' }, items: [] })).to.contain('same name');
    expect(problem({ version: 1, statuses: { ready: 'x', inReview: 'X' }, items: [] })).to.contain('two statuses');
    expect(problem({ version: 1, priorities: ['A', 'A'], items: [] })).to.contain('two priorities');
    expect(problem({ version: 1, priorities: ['A', 'a'], statuses: { others: ['ready'] }, items: [] })).to.equal(
      'accepted',
    );
    expect(problem('{"version": 1,')).to.contain('is not JSON');
    expect(problem('')).to.contain('is not JSON');
  });

  it('says that the file is missing, or a folder', () => {
    expect(() => readBoardFile(join(folder, 'none.json'))).to.throw(/none\.json does not exist\./);
    expect(() => readBoardFile(folder)).to.throw(/cannot be read/);
  });
});

describe('seedOfBoard', () => {
  const board = (items: object[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'board-'));
    try {
      const path = join(folder, 'b.json');
      writeFileSync(path, JSON.stringify({ version: 1, items }));
      return readBoardFile(path);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it('gives numbers in file order around those that are taken', () => {
    const numbers = numberItems(board([{ title: 'a' }, { title: 'b', number: 1 }, { title: 'c' }]).items);
    expect(numbers.map(({ number }) => number)).to.deep.equal([2, 1, 3]);
  });

  it('makes a seed that the stand-in accepts and settings that the poll accepts', () => {
    const file = board([
      { title: 'a', branch: 'feature/a', priority: 'High' },
      { title: 'd', kind: 'draft' },
    ]);
    const seed = parseSeed(seedOfBoard(file, repository));
    expect(seed.boards[0]?.items.map(({ type }) => type)).to.deep.equal(['issue', 'draft-issue']);
    expect(seed.boards[0]?.items[0]?.values).to.deep.equal({ Status: 'Ready', Priority: 'High', Branch: 'feature/a' });
    expect(boardSettingsSchema.parse(settingsOfBoard(file, repository))).to.deep.include({
      owner: 'local',
      repositories: ['local/shop'],
    });
  });
});
