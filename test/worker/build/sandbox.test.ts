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

describe('createSandbox', () => {
  it(`says when ${testUser ?? 'we'} cannot get to the work folder`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'closed-'));
    const user = await findBuildUser(testUser, { searchPath });
    const folder = await createWorkFolder(join(root, 'work'), user);
    chmodSync(root, isRoot ? 0o700 : 0o755);
    if (!isRoot) chmodSync(folder.tree, 0o500);
    const deps = {
      searchPath,
      signal: new AbortController().signal,
      log: () => undefined,
      logs: { open: () => ({ write: () => undefined, end: () => '' }) },
    };
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
