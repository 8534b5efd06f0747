import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findBuildUser } from '../../../worker/build/build-user';
import { createSandbox } from '../../../worker/build/sandbox';
import { createWorkFolder } from '../../../worker/build/work-folder';
import { type BuildGround, prepareBuild, testUser } from '../../support/build-ground';

const searchPath = process.env.PATH ?? '';
const isRoot = process.getuid?.() === 0;
const nameOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

const deps = {
  searchPath,
  signal: new AbortController().signal,
  log: () => undefined,
  logs: { open: () => ({ write: () => undefined, end: () => '' }) },
};

describe('createSandbox', () => {
  it('ends nothing any more once it is closed: its group may be that of another build by then', async () => {
    const root = mkdtempSync(join(tmpdir(), 'closed-twice-'));
    chmodSync(root, 0o755);
    const user = await findBuildUser(testUser, { searchPath });
    const sandbox = await createSandbox(
      { folder: await createWorkFolder(join(root, 'work'), user), user, passedVariables: {} },
      deps,
    );
    await sandbox.close();
    const other = spawn('sleep', ['60'], { stdio: 'ignore', ...(user ? { uid: user.uid, gid: user.gid } : {}) });
    const ended = once(other, 'exit');
    try {
      await once(other, 'spawn');
      await sandbox.close();
      expect([other.exitCode, other.signalCode]).to.deep.equal([null, null]);
    } finally {
      other.kill('SIGTERM');
      expect(await ended).to.deep.equal([null, 'SIGTERM']);
      rmSync(root, { recursive: true, force: true });
    }
  });

  it(`says when ${testUser ?? 'we'} cannot get to the work folder`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'closed-'));
    const user = await findBuildUser(testUser, { searchPath });
    const folder = await createWorkFolder(join(root, 'work'), user);
    chmodSync(root, isRoot ? 0o700 : 0o755);
    if (!isRoot) chmodSync(folder.tree, 0o500);
    expect(await nameOf(createSandbox({ folder, user, passedVariables: {} }, deps))).to.match(
      /^ValidationError: .*cannot work in .*closed/,
    );
    chmodSync(folder.tree, 0o700);
    rmSync(root, { recursive: true, force: true });
  });

  it('without another user runs as we do, says so, and leaves no process behind either', async () => {
    let ground: BuildGround | null = null;
    try {
      ground = await prepareBuild({
        user: null,
        agent:
          'id -u > uid; setsid sleep 300 > /dev/null 2>&1 & echo $! > ../../outside/pid; mkfifo pipe; chmod 000 uid',
      });
      const result = await ground.run();
      expect(result.isolated).to.equal(false);
      expect(ground.show('uid', result)?.trim()).to.equal(String(process.getuid?.()));
      expect(ground.lines[0]).to.contain('no isolation');
      const pid = readFileSync(join(ground.folder, 'outside', 'pid'), 'utf8').trim();
      expect(
        existsSync(`/proc/${pid}`) && !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
      ).to.equal(false);
    } finally {
      ground?.remove();
    }
  });
});
