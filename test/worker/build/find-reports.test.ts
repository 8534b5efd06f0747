import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { findReports } from '../../../worker/build/find-reports';
import { temporaryFolder } from '../../support/temporary-folder';

describe('findReports', () => {
  const folder = temporaryFolder();
  const write = (...paths: readonly string[]) => {
    for (const path of paths) {
      mkdirSync(dirname(join(folder(), path)), { recursive: true });
      writeFileSync(join(folder(), path), '');
    }
  };
  const find = async (pattern: string, most = 100) => {
    const { files, beyond } = await findReports(folder(), pattern, most);
    return { paths: files.map(({ path }) => path), beyond };
  };

  it('finds what a pattern means, wherever it lies', async () => {
    write(
      'packages/b/lcov.info',
      'packages/a/lcov.info',
      'packages/a/sub/lcov.info',
      'lcov.info',
      'node_modules/x/lcov.info',
    );
    expect(await find('packages/*/lcov.info')).to.deep.equal({
      paths: ['packages/a/lcov.info', 'packages/b/lcov.info'],
      beyond: null,
    });
    expect((await find('**/lcov.info')).paths).to.have.length(4);
    expect((await find('node_modules/*/lcov.info')).paths).to.have.length(1);
  });

  it('says when there are more than it takes, and never takes a part for the whole', async () => {
    write(...Array.from({ length: 6 }, (_, index) => `out/TEST-${index}.xml`));
    expect((await find('out/TEST-*.xml', 6)).beyond).to.equal(null);
    expect((await find('out/TEST-*.xml', 5)).beyond).to.equal('more than 5 files');
  });

  it('does not look where nothing can be, however much is there', async () => {
    write('packages/a/lcov.info', `packages/a/${'deep/'.repeat(50)}lcov.info`);
    expect(await find('packages/*/lcov.info')).to.deep.equal({ paths: ['packages/a/lcov.info'], beyond: null });
    expect((await find('packages/**/lcov.info')).beyond).to.equal('folders more than 40 deep');
  });

  it('follows no link out of the tree', async () => {
    mkdirSync(join(folder(), 'in'));
    symlinkSync('/', join(folder(), 'in', 'root'));
    symlinkSync('/etc/passwd', join(folder(), 'in', 'passwd'));
    expect((await find('in/**/passwd')).paths).to.deep.equal([]);
    expect((await find('in/root/etc/passwd')).paths).to.deep.equal([]);
    expect((await find('in/root/etc/*')).paths).to.deep.equal([]);
  });
});
