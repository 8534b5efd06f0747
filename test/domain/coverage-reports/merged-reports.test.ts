import { expect } from 'chai';
import fc from 'fast-check';
import { coverageMetrics } from '../../../domain/coverage';
import { fixture, messageOf, read, report, totalsOf } from '../../support/report-sources';

const section = (records: string, file = 'a.js') => `TN:\nSF:${file}\n${records}\nend_of_record\n`;
const sound = section('FN:1,f\nFNDA:2,f\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-');

const figuresOf = (data: Awaited<ReturnType<typeof read>>): string => {
  const { totals } = totalsOf(data);
  return coverageMetrics
    .map((name) => (totals[name] ? `${totals[name]?.covered}/${totals[name]?.total}` : '–'))
    .join(' ');
};
const figures = async (...texts: readonly (string | Buffer)[]): Promise<string> =>
  figuresOf(await read(texts.map((text, index) => report(text, `coverage/${index}`))));

describe('readCoverage of LCOV', () => {
  it('counts the records, not the sums that it claims', async () => {
    const claims = 'LF:100\nLH:100\nBRF:100\nBRH:100\nFNF:9\nFNH:9';
    expect(await figures(sound.replace('end_of_record', `${claims}\nend_of_record`))).to.equal('1/2 1/2 1/1 –');
  });

  it('takes the sum of functions where no function is named, as Bun writes it, and the run that came across most', async () => {
    const bun = section('FNF:5\nFNH:4\nDA:1,1\nDA:8,0\nLF:2\nLH:1');
    const other = section('FNF:3\nFNH:2\nDA:1,0\nDA:8,1\nLF:2\nLH:1');
    expect(await figures(bun)).to.equal('1/2 0/0 4/5 –');
    expect(await figures(other, bun)).to.equal('2/2 0/0 4/5 –');
    expect(await figures(bun + section('DA:1,1', 'b.js'))).to.equal('2/3 0/0 4/5 –');
    expect(await figures(section('FN:1,f\nFNDA:1,f\nDA:1,1', 'b.js') + bun)).to.equal('2/3 0/0 5/6 –');
    expect(await figures(bun, section('FN:1,f\nFNDA:1,f\nDA:1,1'))).to.equal('1/2 0/0 1/1 –');
    expect(messageOf(await read([report(section('FNF:1\nFNH:2\nDA:1,1'))]))).to.match(/more covered \(2\) than/);
    expect(messageOf(await read([report(section('FNF:many\nFNH:2\nDA:1,1'))]))).to.match(/not whole numbers/);
  });

  it('takes Windows line ends, a byte order mark, checksums, powers of ten, and no branches', async () => {
    const text = `\uFEFF${section('DA:1,1,abc\nDA:2,2e3\nDA:0,0')}`.replaceAll('\n', '\r\n');
    expect(await figures(text)).to.equal('2/3 0/0 0/0 –');
  });

  it('counts a function that is declared and never called', async () => {
    expect(await figures(section('FN:1,f\nFN:2,9,g\nFNDA:1,f\nDA:1,1'))).to.equal('1/1 0/0 1/2 –');
  });

  it('counts functions with several names once, as LCOV 2.2 writes them, and branches of exceptions', async () => {
    const records =
      'FNL:0,1,4\nFNA:0,0,f<int>\nFNA:0,3,f<char>\nFNL:1,5\nFNA:1,0,g\nDA:1,1\nBRDA:1,e0,0,-\nBRDA:1,0,0,2';
    expect(await figures(section(records))).to.equal('1/1 1/2 1/2 –');
  });

  it('reads the same wherever the report is cut into pieces', async () => {
    const text = `${section('DA:1,1\nDA:2,0', 'größe/ä.ts')}${section('DA:1,0\nBRDA:1,0,0,0', 'b')}${sound}`;
    const whole = await read([report(text)]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 80 }), async (pieceBytes) => {
        expect(await read([report(text, 'coverage/report', '/srv/shop', pieceBytes)])).to.deep.equal(whole);
      }),
    );
  });

  it('joins the sections of one file line by line', async () => {
    const again = section(
      'FN:1,f\nFN:9,g\nFNDA:0,f\nFNDA:1,g\nDA:1,0\nDA:2,5\nDA:9,0\nBRDA:1,0,0,-\nBRDA:1,0,1,1\nBRDA:9,0,0,0',
    );
    expect(await figures(sound + again)).to.equal('2/3 2/3 2/2 –');
    expect(await figures(sound + again + sound + section('DA:1,0', './b.js'))).to.equal('2/4 2/3 2/2 –');
  });

  it('counts a line or branch once that a section has twice', async () => {
    expect(await figures(section('DA:2,0\nDA:1,1\nDA:2,1\nBRDA:1,0,0,0\nBRDA:1,0,0,4'))).to.equal('2/2 1/1 0/0 –');
  });

  it('does not take two functions of one name for one', async () => {
    expect(await figures(section('FN:1,get\nFN:5,get\nFNDA:0,get\nFNDA:1,get\nDA:1,1'))).to.equal('1/1 0/0 1/2 –');
    const twice = section('FN:1,get\nFN:5,get\nFNDA:1,get\nFNDA:1,get\nDA:1,1');
    expect(await figures(twice, twice)).to.equal('1/1 0/0 2/2 –');
  });

  it('refuses sections whose detail does not fit into memory, and says what helps', async () => {
    const chunks = async function* () {
      for (const _ of [1, 2])
        for (let file = 0; file < 200; file += 1) yield Buffer.from(section('DA:1999999,1', `${file}`));
    };
    const source = { ...report('SF:').source, chunks };
    expect(messageOf(await read([{ path: 'a', root: '', source }]))).to.match(
      /more than 67108864 bytes: merge the reports before/,
    );
  });
});

describe('readCoverage of several reports', () => {
  it('is the same as of one, when one says it twice', async () => {
    for (const name of [
      'coverage-final.json',
      'coverage-summary.json',
      'lcov.info',
      'clover.xml',
      'cobertura-coverage.xml',
    ]) {
      const text = fixture(`jest/${name}`);
      expect(await figures(text, text), name).to.equal(await figures(text));
    }
    const jacoco = fixture('maven/jacoco.xml');
    expect(await figures(jacoco, jacoco)).to.equal(await figures(jacoco));
  });

  it('covers what any of them covers, whatever their formats', async () => {
    const cobertura =
      '<coverage><packages><package><classes><class name="a" filename="a.js"><lines><line number="2" hits="1"/><line number="3" hits="0"/></lines></class></classes></package></packages></coverage>';
    expect(await figures(sound, cobertura, section('DA:7,1', 'b.js'))).to.equal('3/4 1/2 1/1 –');
  });

  it('is the same as of one, when another format says it again', async () => {
    for (const tool of ['nyc', 'c8', 'jest', 'vitest-istanbul', 'vitest-v8', 'jest-27-ts', 'vitest-5']) {
      const detail = fixture(`${tool}/coverage-final.json`);
      const alone = await figures(detail);
      for (const name of ['lcov.info', 'clover.xml', 'cobertura-coverage.xml', 'coverage-summary.json']) {
        const other = fixture(`${tool}/${name}`);
        expect(await figures(detail, other), `${tool}: JSON and ${name}`).to.equal(alone);
        expect(await figures(other, detail), `${tool}: ${name} and JSON`).to.equal(alone);
      }
      const [lcov, cobertura] = [fixture(`${tool}/lcov.info`), fixture(`${tool}/cobertura-coverage.xml`)];
      expect(await figures(lcov, cobertura), tool).to.equal(await figures(lcov));
    }
    const gcovr = ['lcov.info', 'cobertura.xml', 'jacoco.xml'].map((name) =>
      report(fixture(`gcovr/${name}`), name, '/srv/cshop'),
    );
    expect(figuresOf(await read(gcovr, ['src/main.c', 'src/price.c']))).to.equal('4/7 5/8 2/3 –');
  });

  it('knows the statements only when it knows those of every file that has lines', async () => {
    const detail = fixture('nyc/coverage-final.json');
    expect(await figures(detail, section('', 'types.ts'))).to.equal(await figures(detail));
    expect(await figures(detail, section('DA:1,0', 'b.js'))).to.match(/ –$/);
    expect(await figures(section('DA:1,0', 'b.js'), section('DA:1,1', 'b.js'), detail)).to.match(/ –$/);
  });

  it('joins what Istanbul says of one place, whatever number another build gave it', async () => {
    const at = (line: number, column: number) => ({ start: { line, column }, end: { line, column: column + 5 } });
    const build = (ids: readonly string[], hits: readonly number[]) => {
      const places = [at(1, 0), at(1, 9), at(2, 0)];
      const map = (of: (place: (typeof places)[number]) => unknown) =>
        Object.fromEntries(ids.map((id, index) => [id, of(places[index] ?? at(9, 9))]));
      const counts = Object.fromEntries(ids.map((id, index) => [id, hits[index] ?? 0]));
      return JSON.stringify({
        'a.js': {
          path: '/srv/shop/a.js',
          statementMap: map((place) => place),
          s: counts,
          fnMap: map((loc) => ({ name: 'f', loc })),
          f: counts,
          branchMap: map((loc) => ({ type: 'if', loc, locations: [loc, { start: {}, end: {} }] })),
          b: Object.fromEntries(Object.entries(counts).map(([id, count]) => [id, [count, 0]])),
        },
      });
    };
    const [first, second] = [build(['0', '1', '2'], [1, 0, 0]), build(['2', '0', '1'], [0, 1, 0])];
    expect(await figures(first)).to.equal('1/2 1/6 1/3 1/3');
    expect(await figures(first, second)).to.equal('1/2 2/6 2/3 2/3');
    expect(await figures(second, first)).to.equal('1/2 2/6 2/3 2/3');
    const more = build(['0', '1', '2', '3'], [0, 0, 1, 1]);
    expect(await figures(first, more)).to.equal('3/3 3/8 3/4 3/4');
  });

  it('tells things apart that Istanbul puts at one place, or at none', async () => {
    const loc = { start: { line: 1, column: null }, end: { line: 1, column: null } };
    const text = JSON.stringify({
      'a.js': {
        path: 'a.js',
        statementMap: { 0: loc, 1: loc },
        s: { 0: 1, 1: 0 },
        fnMap: { 0: { name: 'f', loc }, 1: { name: 'g', loc }, 2: 'odd' },
        f: { 0: 0, 1: 2, 2: 0 },
        branchMap: { 0: { line: 1 }, 1: { line: 1 } },
        b: { 0: [1, 0], 1: [0, 0] },
      },
    });
    expect(await figures(text)).to.equal('1/1 1/4 1/3 1/2');
    expect(await figures(text, text)).to.equal('1/1 1/4 1/3 1/2');
  });

  it('drops what a tool guesses of a file that one run never loaded, when another run did', async () => {
    const lcov = [
      section('FN:1,(empty-report)\nFNDA:0,(empty-report)\nDA:1,0\nDA:2,0\nDA:3,0\nBRDA:1,0,0,0'),
      section('FN:1,f\nFN:2,g\nFNDA:1,f\nFNDA:0,g\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:2,1,0,0'),
    ];
    const loc = { start: { line: 1, column: 0 }, end: { line: 3, column: 9 } };
    const json = (hits: number, more: object) =>
      JSON.stringify({
        'a.js': {
          path: 'a.js',
          statementMap: { 0: loc },
          s: { 0: hits },
          fnMap: { 0: { name: '(empty-report)', loc } },
          f: { 0: hits },
          branchMap: { 0: { loc } },
          b: { 0: [hits] },
          ...more,
        },
      });
    const named = {
      fnMap: { 0: { name: 'f', loc: { ...loc, end: loc.start } } },
      branchMap: { 0: { loc: { ...loc, end: loc.start } } },
    };
    const cobertura = (method: string, lines: string) =>
      `<coverage><class name="a" filename="a.js"><methods><method name="${method}" hits="1"/></methods><lines>${lines}</lines></class></coverage>`;
    const xml = [
      cobertura('(empty-report)', '<line number="1" hits="0"/><line number="2" hits="0"/>'),
      cobertura('f', '<line number="1" hits="1"/>'),
    ];
    for (const [guessed = '', loaded = '', alone, both] of [
      [...lcov, '0/3 0/1 0/1 –', '1/2 1/2 1/2 –'],
      [json(0, {}), json(1, named), '0/1 0/1 0/1 0/1', '1/1 1/1 1/1 1/1'],
      [json(0, { ...named, all: true }), json(1, { fnMap: {}, f: {} }), '0/1 0/1 0/1 0/1', '1/1 1/1 0/0 1/1'],
      [...xml, '0/2 0/0 1/1 –', '1/1 0/0 1/1 –'],
    ]) {
      expect(await figures(guessed)).to.equal(alone);
      expect(await figures(guessed, guessed)).to.equal(alone);
      expect(await figures(guessed, loaded)).to.equal(both);
      expect(await figures(loaded, guessed)).to.equal(both);
    }
    const wanted = await read([report(lcov[1] ?? ''), report(lcov[0] ?? '')], ['a.js']);
    expect(totalsOf(wanted).lines.get('a.js')?.total).to.equal(2);
    const alone = await read([report(lcov[0] ?? '')], ['a.js']);
    expect(totalsOf(alone).lines.get('a.js')?.total).to.equal(3);
  });

  it('finds a branch of LCOV again when another run has numbered the blocks of the file differently', async () => {
    const first = section('DA:1,1\nBRDA:1,0,0,1\nBRDA:7,1,0,1\nBRDA:7,1,1,0\nBRDA:7,2,0,0');
    const second = section('DA:1,1\nBRDA:1,0,0,1\nBRDA:7,4,0,0\nBRDA:7,4,1,1\nBRDA:7,5,0,0');
    expect(await figures(first, second)).to.equal('1/1 3/4 0/0 –');
    expect(await figures(second, first)).to.equal('1/1 3/4 0/0 –');
  });

  it('takes sums of one total from the report that covers most', async () => {
    const summary = (covered: number) => {
      const ratio = { total: 9, covered, pct: 1 };
      const file = { lines: ratio, branches: ratio, functions: ratio, statements: ratio };
      return JSON.stringify({ total: file, '/srv/shop/a.js': file });
    };
    for (const order of [
      [2, 5],
      [5, 2],
    ])
      expect(await figures(...order.map(summary))).to.equal('5/9 5/9 5/9 5/9');
  });

  it('refuses sums that cannot be joined, and names the file', async () => {
    const summary = (total: number) => {
      const ratio = { total, covered: 1, pct: 1 };
      const file = { lines: ratio, branches: ratio, functions: ratio, statements: ratio };
      return JSON.stringify({ total: file, '/srv/shop/a.js': file });
    };
    const data = await read([report(summary(3)), report(summary(4))]);
    expect(messageOf(data)).to.match(
      /"a\.js" is reported twice with different totals of lines \(3 and 4\): name reports that have the lines/,
    );
  });

  it('says in which of them it found what is wrong', async () => {
    const data = await read([report(sound, 'one/lcov.info'), report('SF:a\n', 'two/lcov.info')]);
    expect(messageOf(data)).to.equal('malformed: two/lcov.info: it is cut off: the last section has no end_of_record');
  });
});
