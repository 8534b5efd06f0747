import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is there for each test of the enclosing `describe` and gone after it. Its path has a space in it. */
export const temporaryFolder = (): (() => string) => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'kiro worker ')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
};
