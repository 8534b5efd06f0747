import { expect } from 'chai';
import fc from 'fast-check';
import { readCoverage } from '../../../domain/coverage-reports/read-coverage';
import { summary } from '../../support/build-results';
import { messageOf, read, report, textSource, totalsOf } from '../../support/report-sources';

const parse = (text: string | Buffer, pieceBytes?: number) => read([report(text, 'coverage/report', '', pieceBytes)]);
const parseChunks = (chunks: () => AsyncIterable<Uint8Array>) =>
  read([{ path: 'lcov.info', root: '', source: { ...textSource('SF:a'), chunks } }]);
const section = (records: string, file = 'a.js') => `TN:\nSF:${file}\n${records}\nend_of_record\n`;
const cobertura = (lines: string, root = 'line-rate="0.5"'): string =>
  `<?xml version="1.0"?>\n<coverage ${root}><packages><package><classes><class name="a" filename="a.py"><lines>${lines}</lines></class></classes></package></packages></coverage>`;
const clover = (inside: string): string =>
  `<coverage generated="1" clover="3.2.0"><project><file name="a" path="a.js">${inside}</file></project></coverage>`;
const jacoco = (inside: string): string =>
  `<report name="x"><package name="p"><sourcefile name="A.java">${inside}</sourcefile></package></report>`;
const bomb = `<?xml version="1.0"?><!DOCTYPE coverage [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><coverage line-rate="&b;"/>`;

const DETAIL = '{"path":"","statementMap":{},"s":{},"fnMap":{},"f":{},"branchMap":{},"b":{}}';

describe('readCoverage', () => {
  const refused: Record<string, readonly [string | Buffer, RegExp]> = {
    'a file of 0 bytes': ['', /^empty: the file has 0 bytes/],
    'a file of blanks': [' \n\t\n', /^empty: the file holds nothing but white space/],
    'plain text': ['All good!\n', /^malformed: it is neither Istanbul JSON, nor LCOV/],
    'a binary': [Buffer.from([0, 1, 2, 255, 254]), /^malformed: it is neither/],
    'JSON of coverage.py': [
      '{"meta": {"format": 3, "version": "7.17.5"}, "files": {}}',
      /^malformed: it is the JSON of coverage\.py, which is not read: name what "coverage xml"/,
    ],
    'JSON of SlipCover': [
      '{"meta": {"software": "slipcover", "version": "1.1.0"}, "files": {}}',
      /JSON of SlipCover.*"slipcover --lcov"/,
    ],
    "SimpleCov's results": [
      '{\n  "RSpec": {\n    "coverage": {\n      "/srv/shop/lib/price.rb": {"lines": [1]}}}}',
      /JSON of SimpleCov.*simplecov-lcov/,
    ],
    "SimpleCov's JSON": ['{"meta": {"simplecov_version": "0.22.0"}, "coverage": {}}', /JSON of SimpleCov/],
    'JSON of gcovr': ['{"gcovr/format_version": "0.14", "files": []}', /JSON of gcovr.*"gcovr --lcov"/],
    'JSON of llvm-cov': ['{"data":[{"files":[]}],"type":"llvm.coverage.json.export"}', /llvm-cov export -format=lcov/],
    'what V8 measures': ['{"result":[{"scriptId":"1"}]}', /c8 report --reporter=lcov/],
    'JSON for Coveralls': ['{"run_at": "2026-01-01", "source_files": []}', /JSON for Coveralls/],
    'JSON of coverlet': ['{\n  "Shop.dll": {\n "C:\\\\Shop\\\\A.cs": {}}}', /JSON of coverlet.*cobertura or lcov/],
    'a profile of Go': ['mode: atomic\nexample.com/shop/a.go:3.19,4.11 1 1\n', /profile of Go.*gocover-cobertura/],
    "SonarQube's own": [
      '<?xml version="1.0" encoding="UTF-8"?>\n<coverage version="1"><file path="a.c"><lineToCover lineNumber="1" covered="true"/></file></coverage>',
      /^malformed: it is the generic coverage of SonarQube/,
    ],
    "coverage.py's data": ['SQLite format 3\0', /data file of coverage\.py.*"coverage xml"/],
    'half a JSON': ['{"total": {"lines"', /^malformed: it is not JSON: it is cut off/],
    NaN: ['{"total": {"lines": {"total": NaN, "covered": 1}}}', /^malformed: it is not JSON/],
    'a list': ['[]', /^malformed: it is not an object/],
    'an empty object': ['{}', /^empty: it holds no file/],
    'a summary without branches': [
      '{"total":{"lines":{"total":1,"covered":1}}}',
      /not an Istanbul summary at "total" at branches/,
    ],
    'a summary of words': [summary(1, 1).replaceAll('1', '"1"'), /not an Istanbul summary at "total" at lines\.total/],
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
    'an LCOV with a negative count': [section('DA:1,-1'), /^malformed: line 3 is not of the form/],
    'an LCOV with a word for a count': [section('DA:1,x'), /^malformed: line 3 is not of the form/],
    'an LCOV with an endless count': [section('DA:1,1e999'), /^malformed: line 3 is not of the form/],
    'an LCOV with half a record': [section('DA:1'), /^malformed: line 3 .*"DA:1"/],
    'an LCOV with half a branch': [section('BRDA:1,0'), /^malformed: line 3/],
    'an LCOV with a function without a name': [section('FNDA:3'), /^malformed: line 3/],
    'an LCOV with a line of 70,000 characters': [section(`DA:1,${'1'.repeat(70_000)}`), /line 3 is longer than 65536/],
    'an LCOV with a line beyond all files': [section('DA:2000001,1'), /^malformed: line 3 is not of the form/],
    'an LCOV that names no file': ['TN:\nSF:\nDA:1,1\nend_of_record\n', /^malformed: line 2 names no file: "SF:"/],
    'an LCOV with a branch outside of a section': [
      'SF:a\nend_of_record\nBRDA:1,0,0,1\n',
      /^malformed: line 3 stands out/,
    ],
    'an LCOV with a count without numbers': [section('DA:,'), /^malformed: line 3 is not of the form/],
    'an LCOV with words between its records': [
      section('DA:1,1\nnpm warn deprecated'),
      /^malformed: line 4 is no record of a tracefile: "npm warn deprecated"/,
    ],
    'an LCOV with a record in small letters': [section('DA:1,1\nda:2,0'), /^malformed: line 4 is no/],
    'a record without a file': [`{"":${DETAIL}}`, /^malformed: the record of "" is wrong at path: it names no file/],
    'a summary without a file': [
      summary(1, 1).replace('"total"', '" "'),
      /^malformed: one of its records names no file/,
    ],
    'a report that has a file twice': [
      `{"a.js":${DETAIL},"a.js":${DETAIL}}`.replaceAll('""', '"a.js"'),
      /^malformed: it has the key "a.js" twice/,
    ],
    'a summary with two totals': [
      `{"total":${JSON.stringify(JSON.parse(summary(1, 9)).total)},"total":${JSON.stringify(JSON.parse(summary(9, 9)).total)}}`,
      /^malformed: it has the key "total" twice/,
    ],
    'a summary with two figures of one metric': [
      summary(1, 9).replace('"covered":1', '"covered":1,"covered":9'),
      /^malformed: it has a key twice at "total"/,
    ],
    'a Cobertura class with lines and no file': [
      cobertura('<line number="1" hits="1"/>').replace('a.py', ' '),
      /^malformed: the class "a" has lines and names no file/,
    ],
    'a Clover file without a name': [clover('').replace('a.js', ''), /^malformed: the attribute path .* names no file/],
    'a JaCoCo file without a name': [
      jacoco('').replace('A.java', ''),
      /^malformed: the attribute name .* names no file/,
    ],
    'JSON after the end': [`${summary(1, 1)}{}`, /^malformed: it is not JSON: "\{" stands after/],
    'JSON with a comma too many': ['{"total":{},}', /^malformed: it is not/],
    'JSON that is nested without end': [`{"a":${'['.repeat(200)}`, /^malformed: it is nested more than 100 deep/],
    'a summary that is better than its files': [
      summary(9, 10).replace(
        '{"total"',
        '{"a.js":{"lines":{"total":10,"covered":1},"branches":{"total":1,"covered":1},"functions":{"total":1,"covered":1},"statements":{"total":1,"covered":1}},"total"',
      ),
      /its total of lines \(9 of 10\) is not the sum of its files \(1 of 10\)/,
    ],
    'a summary with a share of 101 %': [summary(1, 1).replace('"pct":0', '"pct":101'), /not an Istanbul summary .*pct/],
    'an entity bomb': [bomb, /^malformed: its DOCTYPE declares things of its own/],
    'an external entity': [
      '<!DOCTYPE coverage [<!ENTITY x SYSTEM "file:///etc/passwd">]><coverage line-rate="&x;"/>',
      /^malformed: its DOCTYPE declares/,
    ],
    'an entity that nobody declared': [
      cobertura('<line number="1" hits="&x;"/>'),
      /^malformed: it is not XML: .*entity/,
    ],
    'XML that is nested without end': ['<a>'.repeat(101), /^malformed: its root is <a>/],
    'XML that is nested 101 deep': [`<coverage>${'<a>'.repeat(101)}`, /^malformed: it is nested more than 100 deep/],
    'half an XML': ['<coverage line-rate="1"><packages>', /^malformed: it is not XML: .*unclosed tag/],
    'XML with two roots': [`${cobertura('')}<coverage/>`, /^malformed: it is not XML/],
    'XML of an unknown encoding': [
      '<?xml version="1.0" encoding="klingon"?><coverage/>',
      /^malformed: its encoding "klingon"/,
    ],
    'XML of another kind': ['<html><body/></html>', /^malformed: its root is <html>, which is neither/],
    'a doctype alone': ['<!DOCTYPE coverage SYSTEM "x">', /^malformed: it is not XML/],
    'an empty Cobertura': [cobertura(''), /^empty: it measured no line/],
    'a Cobertura with NaN': [
      cobertura('<line number="1" hits="NaN"/>'),
      /^malformed: the attribute hits of an element <line> is "NaN"/,
    ],
    'a Cobertura with a negative count': [cobertura('<line number="1" hits="-3"/>'), /hits .* is "-3", not a count/],
    'a Cobertura with a negative line': [cobertura('<line number="-1" hits="3"/>'), /number .* is "-1", not a whole/],
    'a Cobertura without a number of a line': [cobertura('<line hits="3"/>'), /number .* is not there/],
    'a Cobertura with more branches than there are': [
      cobertura('<line number="1" hits="1" condition-coverage="150% (3/2)"/>'),
      /branches has more covered \(3\) than there are \(2\)/,
    ],
    'a Cobertura with branches in words': [
      cobertura('<line number="1" hits="1" condition-coverage="all"/>'),
      /not of the form/,
    ],
    'a Cobertura that covers 150 %': [
      cobertura('<line number="1" hits="1"/>', 'line-rate="1.5"'),
      /line-rate .* is "1\.5", not a share/,
    ],
    'a Cobertura that covers NaN': [
      cobertura('<line number="1" hits="1"/>', 'line-rate="NaN"'),
      /line-rate .* is "NaN"/,
    ],
    'a Cobertura class without a file': [
      '<coverage><class name="a"/></coverage>',
      /filename of an element <class> is not there/,
    ],
    'a Clover with more covered than there is': [
      clover('<metrics statements="1" coveredstatements="2"/><line num="1" type="stmt" count="1"/>'),
      /statements has more covered \(2\) than there are \(1\)/,
    ],
    'a Clover with a negative sum': [clover('<metrics methods="-1" coveredmethods="0"/>'), /methods .* is "-1"/],
    'a Clover without a count': [clover('<line num="1" type="stmt"/>'), /truecount .* is ""/],
    'a JaCoCo with a negative counter': [jacoco('<line nr="1" mi="0" ci="-1"/>'), /ci .* is "-1"/],
    'a JaCoCo with NaN': [jacoco('<counter type="LINE" missed="NaN" covered="1"/>'), /missed .* is "NaN"/],
    'a JaCoCo that measured nothing': [jacoco(''), /^empty: it measured no line/],
    'an LCOV that measured nothing': [section('FN:1,f\nFNDA:0,f'), /^empty: it measured no line at all/],
  };
  for (const [what, [report, message]] of Object.entries(refused))
    it(`refuses ${what}, and says what was wrong where`, async () => {
      expect(messageOf(await parse(report))).to.match(message);
      expect(messageOf(await parse(report, 7)), 'in small pieces').to.match(message);
    });

  it('stops reading an LCOV line that never ends', async () => {
    let pieces = 0;
    const chunks = async function* () {
      yield Buffer.from('SF:a\n');
      for (; pieces < 1_000_000; pieces += 1) yield Buffer.alloc(16 * 1024, 'x');
    };
    expect(messageOf(await parseChunks(chunks))).to.match(/line 2 is longer/);
    expect(pieces).to.be.below(8);
  });

  it('refuses a report about more files than any repository has', async () => {
    const chunks = async function* () {
      for (let file = 0; file <= 200_000; file += 1) yield Buffer.from(`SF:${file}\nend_of_record\n`);
    };
    expect(messageOf(await parseChunks(chunks))).to.match(/about more than 200000 files/);
  });

  it('holds of changed files no more than the lines that changed, however long they are', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `${index}.js`);
    const text = names.map((name) => section('DA:2,1\nDA:3,0\nDA:1999999,1', name)).join('');
    const of = (last: number) =>
      readCoverage([report(text)], { files: names, wanted: new Map(names.map((name) => [name, last])) });
    const { totals, lines } = totalsOf(await of(2));
    expect(totals.lines).to.deep.equal({ covered: 400, total: 600 });
    expect([...lines.values()].every((set) => set.isHit(2) === true && set.isHit(3) === null)).to.equal(true);
    expect(messageOf(await of(1_999_999))).to.match(/the lines that it gives of changed files take more than 33554432/);
  });

  it('stops reading XML in which nothing ends', async () => {
    let pieces = 0;
    const chunks = async function* () {
      yield Buffer.from('<!DOCTYPE coverage SYSTEM "');
      for (; pieces < 1_000_000; pieces += 1) yield Buffer.alloc(1024 * 1024, 'x');
    };
    const data = await read([{ path: 'c.xml', root: '', source: { ...textSource('<coverage>'), chunks } }]);
    expect(messageOf(data)).to.match(/more than 16777216 characters in which no element begins or ends/);
    expect(pieces).to.be.below(18);
  });

  it('stops reading a JSON record that never ends', async () => {
    let pieces = 0;
    const chunks = async function* () {
      yield Buffer.from('{"a": "');
      for (; pieces < 1_000_000; pieces += 1) yield Buffer.alloc(1024 * 1024, 'x');
    };
    const data = await read([{ path: 'c.json', root: '', source: { ...textSource('{'), chunks } }]);
    expect(messageOf(data)).to.match(/one of its records has more than 33554432 bytes/);
    expect(pieces).to.be.below(34);
  });

  it('refuses a JSON and an XML about a million files', async () => {
    const json = async function* () {
      yield Buffer.from('{');
      for (let file = 0; file < 1_000_000; file += 1)
        yield Buffer.from(`"${file}":${DETAIL.replace('""', `"${file}"`)},`);
    };
    const xml = async function* () {
      yield Buffer.from('<report>');
      for (let file = 0; file < 1_000_000; file += 1) yield Buffer.from(`<sourcefile name="${file}"/>`);
    };
    for (const [head, chunks] of [
      ['{', json],
      ['<', xml],
    ] as const) {
      const data = await read([{ path: 'r', root: '', source: { ...textSource(head), chunks } }]);
      expect(messageOf(data)).to.match(/about more than 200000 files/);
    }
  });

  it('never throws, and never finds more covered than there is, whatever it is given', async () => {
    const line = fc.oneof(
      fc.constantFrom('SF:a', 'SF:b', 'end_of_record', 'TN:', 'DA:1,1', 'DA:2,0', 'FNDA:1,f', 'BRDA:1,0,0,-'),
      fc.string(),
    );
    const piece = fc.constantFrom(
      '<coverage>',
      '<report>',
      '<class filename="a">',
      '<lines>',
      '<line number="1" hits="1"/>',
      '</lines>',
      '</class>',
      '<file path="b">',
      '<sourcefile name="c">',
      '<line nr="1" ci="1"/>',
    );
    const anything = fc.oneof(
      fc.array(line).map((lines) => lines.join('\n')),
      fc.array(fc.oneof(piece, fc.string())).map((pieces) => pieces.join('')),
      fc.json().map((json) => json.replace(/"[^"]*":/, '"total":')),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        const parsed = await parse(text);
        if (parsed.kind !== 'totals') return;
        for (const ratio of Object.values(parsed.totals)) if (ratio) expect(ratio.covered).to.be.within(0, ratio.total);
      }),
      { numRuns: 500 },
    );
  });
});
