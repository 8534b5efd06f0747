import { expect } from 'chai';
import { createPathMap } from '../../../domain/coverage-reports/map-paths';
import { read, report, totalsOf } from '../../support/report-sources';

const REPOSITORY = [
  'index.js',
  'packages/a/src/index.js',
  'packages/b/src/index.js',
  'packages/b/src/only.js',
  'core/src/main/java/com/acme/Price.java',
  'core/src/main/java/com/acme/Shop.java',
  'shop-web/src/main/java/com/acme/Shop.java',
  'shop/price.py',
  'tests/price.py',
  'src/größe ä.js',
];

describe('createPathMap', () => {
  const map = (
    path: string,
    {
      at = 'coverage/lcov.info',
      root = '/builds/1/tree',
      bases = [] as readonly string[],
      groups = [] as readonly string[],
    } = {},
  ) => createPathMap(REPOSITORY).of({ path: at, root })(path, { bases, groups });

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
    [
      'packages of Java that two modules have, by the module of the report',
      'com/acme/Shop.java',
      'core/src/main/java/com/acme/Shop.java',
      { at: 'core/target/site/jacoco/jacoco.xml' },
    ],
    [
      'packages of Java that two modules have, by the group',
      'com/acme/Shop.java',
      'shop-web/src/main/java/com/acme/Shop.java',
      { at: 'all/target/jacoco.xml', groups: ['shop-web'] },
    ],
    [
      'modules whose folder is only the end of the name of the group',
      'com/acme/Shop.java',
      'core/src/main/java/com/acme/Shop.java',
      { at: 'all/target/jacoco.xml', groups: ['Everything', 'Shop :: Core'] },
    ],
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
    expect(REPOSITORY).not.to.include(nameOf('src/index.js', {}));
    expect([...paths.ambiguous]).to.deep.equal(['src/index.js']);
  });

  it('takes a path for no file that is one in two source folders, or in a module that nobody names', () => {
    const paths = createPathMap(REPOSITORY);
    const nameOf = paths.of({ path: 'coverage.xml', root: '/builds/1/tree' });
    const bases = ['/builds/1/tree/shop', '/builds/1/tree/tests'];
    expect(REPOSITORY).not.to.include(nameOf('price.py', { bases }));
    expect(nameOf('price.py', { bases: [...bases.slice(0, 1), ...bases.slice(0, 1)] })).to.equal('shop/price.py');
    for (const group of ['payment', 'core-api', ''])
      expect(REPOSITORY, group).not.to.include(nameOf('com/acme/Shop.java', { groups: [group] }));
    expect([...paths.ambiguous]).to.deep.equal(['price.py', 'com/acme/Shop.java']);
  });

  it('is quick when a hostile repository and report have many files of one name', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `p${index}/src/index.js`);
    const nameOf = createPathMap(many).of({ path: 'c/lcov.info', root: '' });
    for (let index = 0; index < 20_000; index += 1) nameOf(`x/y/z${index}/src/index.js`, {});
  });
});

/** The form of JaCoCo's report.dtd for several modules. */
const jacocoGroups = (groups: readonly (readonly [string, number])[]): string => {
  const group = ([name, covered]: readonly [string, number]) =>
    `<group name="${name}"><package name="com/acme"><class name="com/acme/Shop" sourcefilename="Shop.java"><method name="a" desc="()V" line="1"><counter type="LINE" missed="0" covered="1"/></method></class><sourcefile name="Shop.java"><line nr="1" mi="0" ci="${covered}" mb="0" cb="0"/><line nr="2" mi="3" ci="0" mb="1" cb="1"/><counter type="METHOD" missed="1" covered="2"/></sourcefile><counter type="LINE" missed="9" covered="9"/></package><counter type="LINE" missed="9" covered="9"/></group>`;
  return `<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="all"><sessioninfo id="x" start="1" dump="2"/><group name="Everything">${groups.map(group).join('')}<counter type="LINE" missed="9" covered="9"/></group></report>`;
};

describe('readCoverage of a monorepo', () => {
  it('keeps the modules of a JaCoCo aggregate apart', async () => {
    const xml = jacocoGroups([
      ['core', 1],
      ['shop-web', 0],
    ]);
    const { totals, lines, ambiguous } = totalsOf(await read([report(xml, 'all/target/jacoco.xml')], REPOSITORY));
    expect(totals).to.deep.equal({
      lines: { covered: 1, total: 4 },
      branches: { covered: 2, total: 4 },
      functions: { covered: 4, total: 6 },
      statements: null,
    });
    expect(ambiguous).to.deep.equal([]);
    const [core, web] = ['core', 'shop-web'].map((name) => lines.get(`${name}/src/main/java/com/acme/Shop.java`));
    expect([core?.isHit(1), web?.isHit(1)]).to.deep.equal([true, false]);
    // Without the repository they are not one file either, nor where no folder is called so.
    const unknown = jacocoGroups([
      ['left', 1],
      ['right', 0],
    ]);
    for (const files of [[], REPOSITORY])
      expect(totalsOf(await read([report(unknown)], files)).totals.lines).to.deep.equal({ covered: 1, total: 4 });
  });

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
