import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStandIn } from '../../../local/runs/far-end';
import { newRunSettings } from '../../../local/runs/run-settings';
import { temporaryFolder } from '../../support/temporary-folder';

const SETTINGS = newRunSettings({ source: 'shop', repository: null, agentCommand: 'true' });
const PULL = {
  kind: 'PullRequest' as const,
  id: 'PR_1',
  parentId: 'R_1',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  number: 2,
  title: 'Cart',
  body: 'Not ready.',
  author: 'kiro-worker',
  labelIds: [],
  state: 'OPEN' as const,
  isDraft: true,
  headRefName: 'feature/cart',
  baseRefName: 'main',
  lastHeadOid: '1'.repeat(40),
  maintainerCanModify: false,
};

describe('openStandIn', () => {
  const folder = temporaryFolder();
  const open = () =>
    openStandIn({ stateFolder: folder(), searchPath: process.env.PATH ?? '', settings: SETTINGS, board: undefined });
  const text = () => readFileSync(join(folder(), 'pull-requests', '2.md'), 'utf8');

  it('leaves the texts of pull requests as they are when it is closed, whoever has changed them', async () => {
    const first = await open();
    first.standIn?.model.put(PULL);
    first.standIn?.model.save();
    await first.close();
    expect(text()).to.contain('a draft').and.to.contain('Not ready.');

    const redrive = await open();
    redrive.standIn?.model.put({ ...PULL, isDraft: false, body: 'All is well.' });
    await redrive.close();
    expect(text()).to.contain('ready for review').and.to.contain('All is well.').and.to.not.contain('Not ready.');
  });
});
