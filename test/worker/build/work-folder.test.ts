import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findBuildUser } from '../../../worker/build/build-user';
import { createWorkFolder } from '../../../worker/build/work-folder';
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
        private: 0o700,
      });
      if (user) expect(statSync(folder.tree).uid).to.equal(user.uid);
      expect(statSync(folder.private).uid).to.equal(process.getuid?.());
    } finally {
      process.umask(before);
      rmSync(root, { recursive: true, force: true });
    }
  });
});
