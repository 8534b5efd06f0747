import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openGit } from '../../../adapters/git/git';
import { readSpec } from '../../../worker/build/read-spec';
import { git } from '../../support/build-ground';
import { temporaryFolder } from '../../support/temporary-folder';

describe('readSpec', () => {
  const folder = temporaryFolder();
  beforeEach(() => git(folder(), 'init', '-q', '-b', 'main'));
  const read = async (write: (tasksFile: string) => void): Promise<string> => {
    mkdirSync(join(folder(), 'spec'));
    writeFileSync(join(folder(), 'spec', 'design.md'), 'x');
    write(join(folder(), 'spec', 'tasks.md'));
    git(folder(), 'add', '-A');
    git(folder(), 'commit', '-qm', 'x');
    const deps = { git: openGit(join(folder(), '.git'), { searchPath: process.env.PATH ?? '' }) };
    return readSpec('HEAD', 'spec', deps).then(
      ({ tasks }) => tasks.tasks.map(({ title }) => title).join(),
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };
  const line = '- [ ] 1. Ä\n';

  it('reads a file with a byte order mark', async () => {
    expect(await read((path) => writeFileSync(path, `\uFEFF${line}`))).to.equal('Ä');
  });

  it('says what stands there instead of a file', async () => {
    expect(await read((path) => symlinkSync('design.md', path))).to.equal(
      'SpecMissing: spec/tasks.md is a symbolic link on the feature branch.',
    );
  });

  it('says that a folder is one', async () => {
    const write = (path: string) => {
      mkdirSync(path);
      writeFileSync(join(path, 'a'), 'a');
    };
    expect(await read(write)).to.equal('SpecMissing: spec/tasks.md is a folder on the feature branch.');
  });

  it('says that nothing is there', async () => {
    expect(await read(() => undefined)).to.equal('SpecMissing: spec/tasks.md is not a file on the feature branch.');
  });

  it('refuses UTF-16', async () => {
    expect(await read((path) => writeFileSync(path, line, 'utf16le'))).to.match(/^SpecInvalid: .* it is not UTF-8/);
  });

  it('says the size of one that is too large as people say it', async () => {
    expect(await read((path) => writeFileSync(path, line.repeat(400_000)))).to.equal(
      'SpecInvalid: spec/tasks.md cannot be used: it has 4.6 MiB; at most 256 KiB are read.',
    );
  });
});
