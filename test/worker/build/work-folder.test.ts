import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findBuildUser } from '../../../worker/build/build-user';
import { createWorkFolder, renewWorkFolder } from '../../../worker/build/work-folder';
import { inWhoseName, testUser } from '../../support/build-ground';

const searchPath = process.env.PATH ?? '';

describe(`the work folder ${inWhoseName}`, () => {
  it('is closed and open as it has to be, whatever the umask', async () => {
    const root = mkdtempSync(join(tmpdir(), 'umask-'));
    const before = process.umask(0o077);
    try {
      const user = await findBuildUser(testUser, { searchPath });
      const folder = await createWorkFolder(root, user);
      const modes = Object.fromEntries(
        Object.entries(folder).map(([name, path]) => [name, statSync(path).mode & 0o777]),
      );
      expect(modes).to.deep.equal({
        tree: 0o700,
        home: 0o700,
        temporary: 0o700,
        repository: 0o755,
        prompts: 0o755,
        agent: 0o755,
        private: 0o700,
      });
      if (user) expect(statSync(folder.tree).uid).to.equal(user.uid);
      expect(statSync(folder.private).uid).to.equal(process.getuid?.());
    } finally {
      process.umask(before);
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('is new when it is renewed, also where what lies in it is closed, and keeps what is ours', async () => {
    const root = mkdtempSync(join(tmpdir(), 'renew-'));
    try {
      const first = await findBuildUser(testUser, { searchPath });
      const folder = await createWorkFolder(root, first);
      writeFileSync(join(folder.tree, 'planted'), '');
      writeFileSync(join(folder.home, '.npmrc'), '');
      writeFileSync(join(folder.private, 'ours'), '');
      chmodSync(folder.tree, 0o000);
      const second = await findBuildUser(testUser, { searchPath });
      const renewed = await renewWorkFolder(folder, second, { searchPath });
      expect(renewed).to.deep.equal(folder);
      expect([folder.tree, folder.home, folder.temporary].flatMap((path) => readdirSync(path))).to.deep.equal([]);
      expect(readdirSync(folder.private)).to.deep.equal(['ours']);
      if (second) {
        expect(second.gid).not.to.equal(first?.gid);
        expect(statSync(root).gid, 'a process of the old group finds no way in').to.equal(second.gid);
        expect(statSync(root).mode & 0o777).to.equal(0o710);
      }
      expect(existsSync(folder.tree)).to.equal(true);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
