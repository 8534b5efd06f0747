import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is there for each test of the enclosing `describe` and gone after it. Its path has a space in it. */
export const temporaryFolder = (): (() => string) => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'kiro worker ')));
    chmodSync(folder, 0o755); // a build user has to pass through
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
};
