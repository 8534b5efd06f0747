import { expect } from 'chai';
import { type CoverageMetric, type CoverageTotals, coverageMetrics } from '../../../domain/coverage';
import { fixture, read, report, totalsOf } from '../../support/report-sources';

const JS = ['src/größe rechner.js', 'src/price.js', 'src/unused.js'];

const readOne = async (path: string, root: string, files: readonly string[]) =>
  totalsOf(await read([report(fixture(path), 'coverage/report', root)], files));

/** `covered/total` of lines, branches, functions and statements. */
const figures = (totals: CoverageTotals): string =>
  coverageMetrics
    .map((metric) => (totals[metric] ? `${totals[metric]?.covered}/${totals[metric]?.total}` : '–'))
    .join(' ');

const hit = (lines: { isHit: (line: number) => boolean | null } | undefined, last: number): string =>
  Array.from(
    { length: last },
    (_, index) => ({ true: '+', false: '-', null: '.' })[String(lines?.isHit(index + 1))],
  ).join('');

describe('coverage reports of real tools', () => {
  const WORKSPACES = ['core/src/price.ts', 'web/src/index.ts', 'web/src/price.ts'].map((file) => `packages/${file}`);
  for (const tool of ['jest-27-ts', 'vitest-5'])
    it(`say of ${tool}, in TypeScript and workspaces, what its own summary says`, async () => {
      const { total } = JSON.parse(fixture(`${tool}/coverage-summary.json`).toString());
      const all = coverageMetrics.map((metric) => `${total[metric].covered}/${total[metric].total}`);
      for (const [name, isDetail] of [
        ['coverage-final.json', true],
        ['lcov.info', false],
        ['cobertura-coverage.xml', false],
      ] as const) {
        const { totals, lines } = await readOne(`${tool}/${name}`, '/srv/shop', WORKSPACES);
        expect(figures(totals), name).to.equal([...all.slice(0, 3), isDetail ? all[3] : '–'].join(' '));
        // Jest 27 leaves out what no test of a project has loaded.
        expect([...lines.keys()].sort(), name).to.deep.equal(
          WORKSPACES.filter((file) => tool !== 'jest-27-ts' || !file.endsWith('index.ts')),
        );
      }
    });

  for (const tool of ['nyc', 'c8', 'jest', 'vitest-istanbul', 'vitest-v8']) {
    it(`say of ${tool} what its own summary says, in every format that it writes`, async () => {
      const { total } = JSON.parse(fixture(`${tool}/coverage-summary.json`).toString());
      const own = (metric: CoverageMetric) => `${total[metric].covered}/${total[metric].total}`;
      const all = coverageMetrics.map(own).join(' ');
      const of = async (name: string) => figures((await readOne(`${tool}/${name}`, '/srv/shop', JS)).totals);
      expect(await of('coverage-summary.json')).to.equal(all);
      expect(await of('coverage-final.json')).to.equal(all);
      // Istanbul's Clover calls lines statements.
      expect(await of('clover.xml')).to.equal(all.replace(/\S+$/, own('lines')));
      expect(await of('lcov.info')).to.equal(all.replace(/\S+$/, '–'));
      expect(await of('cobertura-coverage.xml')).to.equal(all.replace(/\S+$/, '–'));
    });

    it(`of ${tool} cover the same lines of the same files, whatever the format`, async () => {
      const lines = await Promise.all(
        ['coverage-final.json', 'lcov.info', 'clover.xml', 'cobertura-coverage.xml'].map(async (name) => {
          const data = await readOne(`${tool}/${name}`, '/srv/shop', JS);
          expect([...data.lines.keys()].sort(), name).to.deep.equal(JS);
          return JS.map((file) => hit(data.lines.get(file), 25)).join('|');
        }),
      );
      expect(new Set(lines).size, lines.join('\n')).to.equal(1);
      expect(lines[0]).to.match(/\+.*-/);
    });
  }

  it('are read of the test runner of Node', async () => {
    const text = fixture('node/lcov.info').toString();
    const sum = (record: string) =>
      [...text.matchAll(new RegExp(`^${record}:(\\d+)$`, 'gm'))].reduce((all, [, count]) => all + Number(count), 0);
    const { totals } = await readOne('node/lcov.info', '/srv/shop', JS);
    expect(figures(totals)).to.equal(
      `${sum('LH')}/${sum('LF')} ${sum('BRH')}/${sum('BRF')} ${sum('FNH')}/${sum('FNF')} –`,
    );
  });

  it('are read of pytest-cov: Cobertura below a source folder, LCOV with branches in words', async () => {
    const files = ['shop/__init__.py', 'shop/price.py', 'tests/price.py'];
    const xml = await readOne('pytest/coverage.xml', '/srv/pyshop', files);
    const lcov = await readOne('pytest/lcov.info', '/srv/pyshop', files);
    expect(figures(xml.totals)).to.equal('6/9 3/4 0/0 –');
    expect(figures(lcov.totals)).to.equal('6/9 3/4 1/2 –');
    for (const { lines } of [xml, lcov]) expect(hit(lines.get('shop/price.py'), 11)).to.equal('+++++-..+--');
  });

  it('are read of gcovr in all its formats', async () => {
    const files = ['src/main.c', 'src/price.c'];
    const of = async (name: string) => readOne(`gcovr/${name}`, '/srv/cshop', files);
    expect(figures((await of('lcov.info')).totals)).to.equal('4/7 5/8 2/3 –');
    expect(figures((await of('cobertura.xml')).totals)).to.equal('4/7 5/8 2/3 –');
    expect(figures((await of('clover.xml')).totals)).to.equal('4/7 0/0 0/0 4/7');
    expect(figures((await of('jacoco.xml')).totals), 'lines without instructions: sums').to.equal('4/7 5/8 2/3 –');
    for (const name of ['lcov.info', 'cobertura.xml', 'clover.xml'])
      expect(hit((await of(name)).lines.get('src/price.c'), 8), name).to.equal('.+++.---');
    expect((await of('jacoco.xml')).lines.get('src/price.c')?.total).to.equal(0);
  });

  it('are read of gcovr in the form of JaCoCo, where folders below folders are named with dots', async () => {
    const below = fixture('gcovr/jacoco.xml').toString().replace('package name="src"', 'package name="lib.src"');
    const { lines } = totalsOf(await read([report(below)], ['lib/src/price.c', 'lib/src/main.c', 'app/src/price.c']));
    expect([...lines.keys()].sort()).to.deep.equal(['lib/src/main.c', 'lib/src/price.c']);
  });

  it('are read of PHPUnit: its Clover counts methods of which every line was executed, its Cobertura those that were called', async () => {
    const files = ['src/Price.php', 'src/functions.php'];
    const clover = await readOne('phpunit/clover.xml', '/srv/shop', files);
    const cobertura = await readOne('phpunit/cobertura.xml', '/srv/shop', files);
    expect(figures(clover.totals)).to.equal('4/8 0/0 0/2 4/8');
    expect(cobertura.totals.lines).to.deep.equal({ covered: 4, total: 8 });
    for (const { lines } of [clover, cobertura])
      expect(files.map((file) => hit(lines.get(file), 18)).join('|')).to.equal('.......+-.+....--.|.....+-.+.........');
  });

  it('are read of Go', async () => {
    const cobertura = await readOne('go/cobertura.xml', '/srv/shop', ['price/price.go']);
    const lcov = await readOne('go/lcov.info', '/srv/shop', ['price/price.go']);
    expect(figures(cobertura.totals)).to.equal('8/18 0/0 2/3 –');
    expect(figures(lcov.totals)).to.equal('8/18 0/0 0/0 –');
    for (const { lines } of [cobertura, lcov])
      expect(hit(lines.get('price/price.go'), 30)).to.equal('.....++--+--+....++++--...----');
  });

  it('are read of lcov, and count a line once of which gcovr writes each instance of a template', async () => {
    for (const [name, root] of [
      ['lcov/lcov.info', '/srv/shop'],
      ['lcov/gcovr-cobertura.xml', '/srv/shop'],
    ] as const)
      expect(figures((await readOne(name, root, ['main.cpp', 'price.cpp'])).totals), name).to.equal(
        '11/14 14/32 5/7 –',
      );
  });

  it('are read of an old coverage.py, and of slipcover, which names one file twice', async () => {
    const files = ['src/shop/__init__.py', 'src/shop/price.py', 'lib/extra.py'];
    expect(figures((await readOne('coverage-5/coverage.xml', '/srv/shop', files)).totals)).to.equal('13/23 3/10 0/0 –');
    const { totals, lines } = await readOne('slipcover/lcov.info', '/srv/shop', files);
    expect(figures(totals)).to.equal('13/21 4/10 0/0 –');
    expect(hit(lines.get('lib/extra.py'), 6)).to.equal('++++--');
  });

  it('are read of JaCoCo, whose packages are found below their source folder', async () => {
    const price = 'core/src/main/java/com/acme/shop/Price.java';
    const { totals, lines } = await readOne('maven/jacoco.xml', '', [price, 'core/pom.xml']);
    expect(figures(totals)).to.equal('4/8 3/4 2/5 –');
    expect(hit(lines.get(price), 18)).to.equal('..+.++.+...--..-.-');
  });
});
