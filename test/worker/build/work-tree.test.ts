import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openGit } from '../../../adapters/git/git';
import type { ProgramEnd } from '../../../adapters/process/run-program';
import { renewAgentRepository } from '../../../worker/build/agent-repository';
import { commitTitle } from '../../../worker/build/commit-task';
import { createWorkFolder } from '../../../worker/build/work-folder';
import { openWorkTree } from '../../../worker/build/work-tree';

const searchPath = process.env.PATH ?? '';
const ended: ProgramEnd = {
  ending: 'exited',
  exitCode: 0,
  endSignal: null,
  reason: '',
  stdout: '',
  stderr: '',
  truncated: false,
  seconds: 0,
};

describe('what the worker does in the work tree', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'work tree-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** The errors of writing files and of making the agent's repository when git ends like this. */
  const errorsOf = async (end: Partial<ProgramEnd>): Promise<readonly string[]> => {
    const folder = await createWorkFolder(root, null);
    const sandbox = { isolated: false, runOurs: async () => ({ ...ended, ...end }) };
    const git = openGit(folder.repository, { searchPath });
    const workTree = openWorkTree({ git, folder, sandbox, searchPath, uid: null, log: () => undefined });
    const branches = { branch: 'b', head: '1', baseBranch: 'main', base: '2' };
    const attempts = [
      workTree.checkOut('HEAD'),
      workTree.remove(['x']),
      renewAgentRepository(branches, { sandbox, folder, searchPath }),
    ];
    const outcomes = await Promise.allSettled(attempts);
    return outcomes.map((outcome) =>
      outcome.status === 'rejected' ? `${outcome.reason.name}: ${outcome.reason.message}` : 'done',
    );
  };

  it('says that the disk is full when it is', async () => {
    for (const error of await errorsOf({ exitCode: 128, stderr: 'fatal: write error: No space left on device' }))
      expect(error).to.match(/^DiskFull: The disk is full/);
  });

  it('says what git said when it fails for a reason of its own', async () => {
    for (const error of await errorsOf({ exitCode: 128, stderr: 'fatal: unable to read tree' }))
      expect(error).to.match(/^UnexpectedFault: .*unable to read tree/);
    const [error] = await errorsOf({ ending: 'not-started', exitCode: null, reason: 'spawn git EACCES' });
    expect(error).to.match(/^UnexpectedFault: .*spawn git EACCES/);
  });
});

describe('commitTitle', () => {
  it('is one line of at most 72 characters', () => {
    expect(commitTitle({ id: '1.2', title: 'Format  cents\tas a label' })).to.equal(
      'Task 1.2: Format cents as a label',
    );
    expect(commitTitle({ id: '3', title: '' })).to.equal('Task 3');
    const long = commitTitle({ id: '4', title: 'words '.repeat(40) });
    expect([...long]).to.have.length.at.most(72);
    expect(long).to.match(/^Task 4: words .*…$/);
    expect([...commitTitle({ id: '5', title: '🚧'.repeat(100) })]).to.have.length(72);
  });

  it('does nothing on GitHub, whatever the task is called', () => {
    const of = (title: string) => commitTitle({ id: '1', title });
    expect(of('Fixes #7, closes a/b#8, GH-9')).to.equal('Task 1: Fixes #\u200b7, closes a/b#\u200b8, GH-\u200b9');
    expect(of('Ask @octocat')).to.equal('Task 1: Ask @\u200boctocat');
    for (const word of ['skip ci', 'ci skip', 'no ci', 'skip actions', 'actions skip', 'SKIP CI'])
      expect(of(`Document [${word}]`)).to.equal(`Task 1: Document [\u200b${word}]`);
    expect(of('Say ***NO_CI***')).to.not.contain('***NO_CI***');
    expect(of('Turn \u202eit\u200b round')).to.equal('Task 1: Turn it round');
    expect(of('Read [docs](a/b), a[0] and 3 # 4')).to.equal('Task 1: Read [docs](a/b), a[0] and 3 # 4');
  });
});
