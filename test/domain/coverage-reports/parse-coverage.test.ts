import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_JSON_BYTES, parseCoverage } from '../../../domain/coverage-reports/parse-coverage';
import { parseIstanbul } from '../../../domain/coverage-reports/parse-istanbul';
import type { ParsedCoverage } from '../../../domain/coverage-reports/parsed-coverage';
import { summary } from '../../support/build-results';
import { textSource } from '../../support/report-sources';

const parse = (text: string | Buffer, pieceBytes?: number) => parseCoverage(textSource(text, pieceBytes));
const messageOf = (parsed: ParsedCoverage): string => {
  if (parsed.kind === 'totals') throw new Error('it was taken for sound');
  return `${parsed.kind}: ${parsed.message}`;
};
const section = (records: string, file = 'a.js') => `TN:\nSF:${file}\n${records}\nend_of_record\n`;
const sound = section('FN:1,f\nFNDA:2,f\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-');

describe('parseCoverage', () => {
  const refused: Record<string, readonly [string | Buffer, RegExp]> = {
    'a file of 0 bytes': ['', /^empty: the file has 0 bytes/],
    'a file of blanks': [' \n\t\n', /^empty: the file holds nothing but white space/],
    'plain text': ['All good!\n', /^malformed: it is neither an Istanbul JSON report nor LCOV/],
    XML: ['<?xml version="1.0"?><coverage/>', /^malformed: it is neither/],
    'a binary': [Buffer.from([0, 1, 2, 255, 254]), /^malformed: it is neither/],
    'half a JSON': ['{"total": {"lines"', /^malformed: it is not JSON/],
    NaN: ['{"total": {"lines": {"total": NaN, "covered": 1}}}', /^malformed: it is not JSON/],
    'a list': ['[]', /^malformed: it is not an object/],
    'an empty object': ['{}', /^empty: it holds no file/],
    'a summary without branches': [
      '{"total":{"lines":{"total":1,"covered":1}}}',
      /not an Istanbul summary at total\.branches/,
    ],
    'a summary of words': [summary(1, 1).replaceAll('1', '"1"'), /not an Istanbul summary at total\.lines\.total/],
    'a negative figure': [summary(-1, 10), /^malformed: the figures of lines are not whole numbers/],
    'a fraction': [summary(0.5, 10), /^malformed: the figures of lines are not whole numbers/],
    'more than there is': [summary(11, 10), /^malformed: lines has more covered \(11\) than there are \(10\)/],
    'a figure beyond counting': [summary(1, 10, { branches: [1, 1e300] }), /figures of branches are not whole/],
    'a run that measured nothing': [summary(0, 0), /^empty: it measured no line at all/],
    'an LCOV without a file': ['TN:\n', /^malformed: it holds no SF record/],
    'an LCOV that is cut off': ['TN:\nSF:a\nDA:1,1\n', /^malformed: it is cut off/],
    'an LCOV with a section in a section': ['SF:a\nDA:1,1\nSF:b\n', /^malformed: line 3 begins a section inside/],
    'an LCOV with counts outside of a section': [
      'TN:\nDA:1,1\nSF:a\n',
      /^malformed: line 2 stands outside of a section/,
    ],
    'an LCOV that ends what was not begun': ['TN:\nend_of_record\n', /^malformed: line 2 ends a section/],
    'an LCOV with two sections of one file': [
      sound + sound,
      /begins a second section of "a\.js": merge the runs first/,
    ],
    'an LCOV with a negative count': [section('DA:1,-1'), /^malformed: line 3 is not of the form/],
    'an LCOV with a word for a count': [section('DA:1,x'), /^malformed: line 3 is not of the form/],
    'an LCOV with an endless count': [section('DA:1,1e999'), /^malformed: line 3 is not of the form/],
    'an LCOV with half a record': [section('DA:1'), /^malformed: line 3 .*"DA:1"/],
    'an LCOV with half a branch': [section('BRDA:1,0'), /^malformed: line 3/],
    'an LCOV with a function without a name': [section('FNDA:3'), /^malformed: line 3/],
    'an LCOV with a line of 70,000 characters': [section(`DA:1,${'1'.repeat(70_000)}`), /line 3 is longer than 65536/],
    'an LCOV that measured nothing': [section('FN:1,f\nFNDA:0,f'), /^empty: it measured no line at all/],
  };
  for (const [what, [report, message]] of Object.entries(refused))
    it(`refuses ${what}, and says what was wrong where`, async () => {
      expect(messageOf(await parse(report))).to.match(message);
      expect(messageOf(await parse(report, 7)), 'in small pieces').to.match(message);
    });

  it('refuses a JSON report that does not fit into memory, without reading it', async () => {
    const source = {
      ...textSource('{'),
      bytes: MAX_JSON_BYTES + 1,
      text: async () => Promise.reject(new Error('read')),
    };
    expect(messageOf(await parseCoverage(source))).to.match(/JSON reports may have 67108864/);
  });

  it('stops reading an LCOV line that never ends', async () => {
    let pieces = 0;
    const chunks = async function* () {
      yield Buffer.from('SF:a\n');
      for (; pieces < 1_000_000; pieces += 1) yield Buffer.alloc(16 * 1024, 'x');
    };
    expect(messageOf(await parseCoverage({ ...textSource('SF:a'), chunks }))).to.match(/line 2 is longer/);
    expect(pieces).to.be.below(8);
  });

  it('refuses a report about more files than any repository has', async () => {
    const chunks = async function* () {
      for (let file = 0; file <= 200_000; file += 1) yield Buffer.from(`SF:${file}\nend_of_record\n`);
    };
    expect(messageOf(await parseCoverage({ ...textSource('SF:a'), chunks }))).to.match(/about more than 200000 files/);
  });

  it('counts the records of an LCOV, not the sums that it claims', async () => {
    const claims = 'LF:100\nLH:100\nBRF:100\nBRH:100\nFNF:9\nFNH:9';
    expect(await parse(sound.replace('end_of_record', `${claims}\nend_of_record`))).to.deep.equal({
      kind: 'totals',
      format: 'lcov',
      totals: {
        lines: { covered: 1, total: 2 },
        branches: { covered: 1, total: 2 },
        functions: { covered: 1, total: 1 },
        statements: null,
      },
    });
  });

  it('reads an LCOV without branches, with Windows line ends, a byte order mark and checksums', async () => {
    const report = `\uFEFF${section('DA:1,1,abc\nDA:2,2')}`.replaceAll('\n', '\r\n');
    const parsed = await parse(report, 5);
    expect(parsed).to.have.nested.property('totals.lines').deep.equal({ covered: 2, total: 2 });
    expect(parsed).to.have.nested.property('totals.branches').deep.equal({ covered: 0, total: 0 });
  });

  it('counts a function that is declared and never called', async () => {
    const parsed = await parse(section('FN:1,f\nFN:2,g\nFNDA:1,f\nDA:1,1'));
    expect(parsed).to.have.nested.property('totals.functions').deep.equal({ covered: 1, total: 2 });
  });

  it('reads the same from an LCOV wherever it is cut into pieces', async () => {
    const report = `${section('DA:1,1\nDA:2,0', 'größe/ä.ts')}${section('DA:1,0\nBRDA:1,0,0,0', 'b')}`;
    const whole = await parse(report);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 80 }), async (pieceBytes) => {
        expect(await parse(report, pieceBytes)).to.deep.equal(whole);
      }),
    );
  });

  it('never throws, and never finds more covered than there is, whatever it is given', async () => {
    const line = fc.oneof(
      fc.constantFrom('SF:a', 'SF:b', 'end_of_record', 'TN:', 'DA:1,1', 'DA:2,0', 'FNDA:1,f', 'BRDA:1,0,0,-'),
      fc.string(),
    );
    const report = fc.oneof(
      fc.array(line).map((lines) => lines.join('\n')),
      fc.json().map((json) => json.replace(/"[^"]*":/, '"total":')),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    await fc.assert(
      fc.asyncProperty(report, async (text) => {
        const parsed = await parse(text);
        if (parsed.kind !== 'totals') return;
        for (const ratio of Object.values(parsed.totals)) if (ratio) expect(ratio.covered).to.be.within(0, ratio.total);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseIstanbul', () => {
  const file = (change: object = {}) => ({
    path: '/a.js',
    statementMap: { 0: { start: { line: 1 } }, 1: { start: { line: 1 } }, 2: { start: { line: 2 } } },
    s: { 0: 0, 1: 3, 2: 0 },
    fnMap: { 0: {} },
    f: { 0: 1 },
    branchMap: { 0: {} },
    b: { 0: [1, 0] },
    ...change,
  });

  it('counts the detailed report as Istanbul does: a line by the best of its statements', () => {
    expect(parseIstanbul(JSON.stringify({ '/a.js': file(), '/b.js': file({ f: { 0: 0 } }) }))).to.deep.equal({
      kind: 'totals',
      format: 'istanbul-detail',
      totals: {
        lines: { covered: 2, total: 4 },
        branches: { covered: 2, total: 4 },
        functions: { covered: 1, total: 2 },
        statements: { covered: 2, total: 6 },
      },
    });
  });

  const wrong: Record<string, unknown> = {
    'a negative counter': file({ s: { 0: -1 } }),
    'a counter that is a word': file({ f: { 0: 'x' } }),
    'a record that is none': 7,
    'branches that are no list': file({ b: { 0: 1 } }),
  };
  for (const [what, record] of Object.entries(wrong))
    it(`refuses ${what}, and names the file`, () => {
      expect(messageOf(parseIstanbul(JSON.stringify({ '/a.js': record })))).to.match(/record of "\/a\.js" is wrong at/);
    });

  it('survives JSON that is nested a hundred thousand deep', () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(messageOf(parseIstanbul(deep))).to.match(/malformed/);
  });

  it('is not confused by a file that is called __proto__', () => {
    expect(messageOf(parseIstanbul('{"__proto__": {"total": 1}}'))).to.match(/record of "__proto__" is wrong/);
  });
});
