import { expect } from 'chai';
import { findBoard } from '../../../adapters/github/find-board';
import type { BoardSettings } from '../../../domain/board-settings';
import { failureOf } from '../../support/failure-of';
import { boardFields, type GitHubBench, STATUSES, settingsOf, startGitHubBench } from '../../support/github-bench';

describe('findBoard', () => {
  let bench: GitHubBench;
  before(async () => {
    bench = await startGitHubBench();
    await bench.plant({});
    await bench.plant({ owner: 'mona', ownerKind: 'user' });
    const renamed = [{ name: 'Status', type: 'single-select' as const, options: ['Todo', 'Ready'] }];
    await bench.plant({ owner: 'renamed', fields: [...renamed, ...boardFields.slice(1)] });
    await bench.plant({ owner: 'bare', fields: boardFields.slice(0, 2) });
    const mixed = boardFields.map((field) =>
      field.name === 'Branch' ? { name: 'Branch', type: 'single-select' as const, options: ['main'] } : field,
    );
    await bench.plant({ owner: 'mixed', fields: mixed });
    const near = [
      { name: 'Status', type: 'single-select' as const, options: ['Ready', '🚀 in  PROGRESS', 'In review'] },
    ];
    await bench.plant({ owner: 'near', fields: [...near, ...boardFields.slice(1)] });
    await bench.plant({ owner: 'twins', fields: [...boardFields, { name: 'STATUS', type: 'text' }] });
    await bench.plant({ owner: 'double' });
    await bench.plant({ owner: 'shut' });
    const { model } = bench.github;
    const ownerOf = (id: string) => model.find(model.find(id, 'ProjectV2')?.parentId ?? '', 'Organization')?.login;
    for (const field of model
      .all('ProjectV2SingleSelectField')
      .filter(({ parentId }) => ownerOf(parentId) === 'double'))
      model.put({ ...field, options: field.options.flatMap((option) => [option, { ...option, id: `${option.id}0` }]) });
    for (const shut of model.all('ProjectV2').filter(({ id }) => ownerOf(id) === 'shut'))
      model.put({ ...shut, closed: true });
  });
  after(() => bench.close());

  const find = (change: Partial<BoardSettings> = {}) => findBoard(settingsOf(change), bench.run);
  const misconfigured = async (change: Partial<BoardSettings>): Promise<string> => {
    const error = await failureOf(find(change));
    expect(error.name).to.equal('BoardMisconfigured');
    expect(error.remedy).to.not.equal('');
    return error.message;
  };

  it('finds the board of an organisation, and its options by name, in one request', async () => {
    const before = bench.asked();
    const board = await find();
    expect(bench.asked() - before).to.equal(1);
    expect(Object.keys(board.statusOptionIds)).to.deep.equal(STATUSES);
    expect(board.projectId).to.match(/^PVT_/);
    expect(board.statusFieldId).to.match(/^PVTSSF_/);
  });

  it('finds the board of a user', async () => {
    expect((await find({ owner: 'mona', ownerKind: 'user' })).projectId).to.match(/^PVT_/);
  });

  it('names the fields that there are when one has been renamed', async () => {
    expect(await misconfigured({ fields: { ...settingsOf().fields, priority: 'Urgency' } })).to.equal(
      'There is no field "Urgency" on the board acme/9; it has "Title", "Status", "Priority", "Branch", "Spec".',
    );
    expect(await misconfigured({ owner: 'bare' })).to.match(
      /no field "Branch" .* it has "Title", "Status", "Priority"\./,
    );
  });

  it('names the options that there are when one has been renamed', async () => {
    expect(await misconfigured({ owner: 'renamed' })).to.equal(
      'The field "Status" of the board renamed/9 has no option "In progress"; it has "Todo", "Ready".',
    );
  });

  it('says which name is meant when case, blanks or emoji differ', async () => {
    expect(await misconfigured({ owner: 'near' })).to.equal(
      'The field "Status" of the board near/9 has no option "In progress"; it has "Ready", "🚀 in  PROGRESS", "In review".' +
        ' Names are compared exactly; is "🚀 in  PROGRESS" meant?',
    );
    expect(await misconfigured({ fields: { ...settingsOf().fields, spec: 'SPEC' } })).to.match(
      /exactly; is "Spec" meant/,
    );
  });

  it('refuses names that are there twice, which nobody can tell apart', async () => {
    expect(await misconfigured({ owner: 'twins' })).to.equal(
      'There are 2 fields "Status", "STATUS" on the board twins/9, and GitHub does not tell them apart.',
    );
    expect(await misconfigured({ owner: 'double' })).to.match(
      /has 2 options "Ready": nobody can tell which one is meant/,
    );
  });

  it('refuses a closed board', async () => {
    expect(await misconfigured({ owner: 'shut' })).to.equal('The board shut/9 is closed.');
  });

  it('refuses a field of another type instead of reading nothing from it', async () => {
    expect(await misconfigured({ owner: 'mixed' })).to.match(/"Branch" of .* is of the type SINGLE_SELECT/);
    const fields = { ...settingsOf().fields, status: 'Branch', branch: 'Status' };
    expect(await misconfigured({ fields })).to.match(/"Branch" of .* is of the type TEXT/);
  });

  it('says so when there is no such board, owner, or kind of owner', async () => {
    for (const change of [{ number: 404 }, { owner: 'nobody' }, { ownerKind: 'user' as const }])
      expect(await misconfigured(change)).to.match(/^The token sees no such board as (acme|nobody)\/\d+\.$/);
  });

  it('leaves every other error as it is', async () => {
    bench.github.faults.add({ kind: 'rate-limit', status: 200 });
    expect((await failureOf(find())).name).to.equal('RateLimited');
  });
});
