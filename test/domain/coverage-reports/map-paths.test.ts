import { expect } from 'chai';
import { createPathMap } from '../../../domain/coverage-reports/map-paths';
import { read, report, totalsOf } from '../../support/report-sources';

const REPOSITORY = [
  'index.js',
  'packages/a/src/index.js',
  'packages/b/src/index.js',
  'packages/b/src/only.js',
  'core/src/main/java/com/acme/Price.java',
  'shop/price.py',
  'tests/price.py',
  'src/größe ä.js',
];

describe('createPathMap', () => {
  const map = (
    path: string,
    { at = 'coverage/lcov.info', root = '/builds/1/tree', bases = [] as readonly string[] } = {},
  ) => createPathMap(REPOSITORY).of({ path: at, root })(path, bases);

  const found: readonly (readonly [string, string, string, Parameters<typeof map>[1]?])[] = [
    ['absolute paths', '/builds/1/tree/packages/a/src/index.js', 'packages/a/src/index.js'],
    ['absolute paths of another machine', '/home/ci/work/shop/packages/b/src/only.js', 'packages/b/src/only.js'],
    [
      'paths of a container in which one package lay at the top',
      '/app/src/index.js',
      'packages/b/src/index.js',
      { at: 'packages/b/coverage/lcov.info' },
    ],
    ['paths relative to the root', 'packages/a/src/index.js', 'packages/a/src/index.js'],
    [
      'paths relative to the package of the report',
      'src/index.js',
      'packages/a/src/index.js',
      { at: 'packages/a/coverage/lcov.info' },
    ],
    [
      'paths relative to the folder of the report',
      '../src/index.js',
      'packages/a/src/index.js',
      { at: 'packages/a/coverage/lcov.info' },
    ],
    ['paths that only one file ends with', 'src/only.js', 'packages/b/src/only.js'],
    ['paths with ./ and ..', './packages/x/../b/src/./only.js', 'packages/b/src/only.js'],
    ['backslashes', '.\\packages\\a\\src\\index.js', 'packages/a/src/index.js'],
    ['paths of Windows', 'C:\\agent\\_work\\1\\s\\packages\\a\\src\\index.js', 'packages/a/src/index.js'],
    ['file addresses', 'file:///builds/1/tree/shop/price.py', 'shop/price.py'],
    ['paths below a source folder', 'price.py', 'shop/price.py', { bases: ['/builds/1/tree/shop'] }],
    [
      'paths below one of several source folders',
      'price.py',
      'tests/price.py',
      { bases: ['/builds/1/tree/none', '/builds/1/tree/tests'] },
    ],
    ['paths below a source folder of another machine', 'price.py', 'shop/price.py', { bases: ['/home/ci/shop/shop'] }],
    ['packages of Java', 'com/acme/Price.java', 'core/src/main/java/com/acme/Price.java'],
    ['names with blanks and umlauts', '/x/src/größe ä.js', 'src/größe ä.js'],
  ];
  for (const [what, path, file, options] of found)
    it(`maps ${what}`, () => {
      expect(map(path, options)).to.equal(file);
    });

  it('maps nothing onto the repository that lay outside of it', () => {
    for (const path of [
      '/builds/1/tree/node_modules/x/index.js',
      '/venv/lib/site-packages/shop/price.py',
      '/usr/include/only.js',
    ])
      expect(REPOSITORY, path).not.to.include(map(path));
  });

  it('says which paths fit several files, and maps them onto none', () => {
    const paths = createPathMap(REPOSITORY);
    const nameOf = paths.of({ path: 'coverage/lcov.info', root: '' });
    expect(REPOSITORY).not.to.include(nameOf('src/index.js', []));
    expect([...paths.ambiguous]).to.deep.equal(['src/index.js']);
  });

  it('is quick when a hostile repository and report have many files of one name', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `p${index}/src/index.js`);
    const nameOf = createPathMap(many).of({ path: 'c/lcov.info', root: '' });
    for (let index = 0; index < 20_000; index += 1) nameOf(`x/y/z${index}/src/index.js`, []);
  });
});

describe('readCoverage of a monorepo', () => {
  const lcov = (hits: number) => `SF:src/index.js\nDA:1,${hits}\nDA:2,0\nend_of_record\n`;
  const of = async (...paths: readonly string[]) =>
    totalsOf(
      await read(
        paths.map((path, index) => report(lcov(index), path)),
        REPOSITORY,
      ),
    );

  it('keeps packages apart whose files have the same name in their reports', async () => {
    const { totals, lines } = await of('packages/a/coverage/lcov.info', 'packages/b/coverage/lcov.info');
    expect(totals.lines).to.deep.equal({ covered: 1, total: 4 });
    expect([
      lines.get('packages/a/src/index.js')?.isHit(1),
      lines.get('packages/b/src/index.js')?.isHit(1),
    ]).to.deep.equal([false, true]);
  });

  it('joins reports of one package', async () => {
    const { totals } = await of('packages/a/coverage/unit.info', 'packages/a/coverage/e2e.info');
    expect(totals.lines).to.deep.equal({ covered: 1, total: 2 });
  });

  it('says which paths it could not tell apart', async () => {
    expect((await of('coverage/lcov.info')).ambiguous).to.deep.equal(['src/index.js']);
  });
});
