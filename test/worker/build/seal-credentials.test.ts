import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sealCredentials } from '../../../worker/build/seal-credentials';

const nameOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('sealCredentials', () => {
  it('closes the folder to everybody else, and needs none to be there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seal-'));
    chmodSync(folder, 0o755);
    await sealCredentials(folder);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    rmSync(folder, { recursive: true });
    await sealCredentials(folder);
    expect(await nameOf(sealCredentials('/proc/self/fd'))).to.match(
      /^PermissionDenied: \/proc\/self\/fd holds the build's credentials/,
    );
  });
});
