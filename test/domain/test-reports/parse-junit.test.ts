import { expect } from 'chai';
import fc from 'fast-check';
import { readTestReport } from '../../../domain/test-reports/parse-junit';
import type { TestReport } from '../../../domain/test-reports/test-report';
import { fixture, textSource } from '../../support/report-sources';

const readAll = async (...texts: readonly (string | Buffer)[]): Promise<TestReport> => {
  const files = texts.map((text, index) => ({ path: `junit-${index}.xml`, source: textSource(text, 50) }));
  const report = await readTestReport(files);
  if (!report) throw new Error('no report');
  return report;
};
const counts = ({ total, passed, failed, skipped }: TestReport) => [total, passed, failed, skipped];
const named = ({ cases }: TestReport, wanted: string) =>
  cases.filter(({ ending }) => ending === wanted).map(({ name }) => name);

describe('readTestReport', () => {
  const tools: readonly (readonly [string, string, readonly number[], string, RegExp])[] = [
    ['node:test', 'node/junit.xml', [4, 2, 1, 1], 'price › fails on purpose', /^'zero' == 'nothing'$/],
    ['Jest', 'jest/junit.xml', [4, 2, 1, 1], 'price fails on purpose', /^assert\.equal\(received, expected\)$/],
    [
      'Vitest',
      'vitest-v8/junit.xml',
      [4, 2, 1, 1],
      'vitest.test.js › price > fails on purpose',
      /^expected 'zero' to be 'nothing'/,
    ],
    [
      'Mocha, which does not list what it skips',
      'nyc/junit.xml',
      [3, 2, 1, 0],
      'price fails on purpose',
      /^'zero' == 'nothing'$/,
    ],
    [
      'pytest',
      'pytest/junit.xml',
      [5, 3, 1, 1],
      'tests.test_price › test_fails_on_purpose',
      /^AssertionError: assert 'plus' == 'zero'$/,
    ],
    [
      'Surefire',
      'maven/TEST-com.acme.shop.PriceTest.xml',
      [3, 1, 1, 1],
      'com.acme.shop.PriceTest › failsOnPurpose',
      /^expected: <nothing> but was: <plus>$/,
    ],
  ];
  for (const [tool, path, expected, name, message] of tools)
    it(`reads what ${tool} writes`, async () => {
      const report = await readAll(fixture(path));
      expect(report.problem).to.equal(null);
      expect(counts(report)).to.deep.equal(expected);
      expect(named(report, 'failed')).to.deep.equal([name]);
      expect(report.cases[0]?.message).to.match(message);
      expect(report.cases.map((each) => each.name).join('\n')).to.match(/Requirement 1\.1|test_minus|minus/);
    });

  it('reads what node:test writes into names and messages, colours too', async () => {
    const report = await readAll(fixture('node/junit-24.xml'));
    expect(report.problem).to.equal(null);
    expect(counts(report)).to.deep.equal([7, 2, 1, 4]);
    expect(named(report, 'failed')).to.deep.equal(['outer.inner <&&quot; › fails red']);
  });

  it('takes tests that are still to do, and those that assert nothing, for no failures, as their runners do', async () => {
    const todo = '<testcase name="a"><skipped type="todo"/><failure message="x"/></testcase>';
    expect(counts(await readAll(`<testsuites><testsuite failures="1">${todo}</testsuite></testsuites>`))).to.deep.equal(
      [1, 0, 0, 1],
    );
    const risky = '<error type="PHPUnit\\Framework\\RiskyTestError">R::a\n\nasserts nothing</error>'.replaceAll(
      '\\\\',
      '\\',
    );
    const suite = (inside: string, errors: number) =>
      `<testsuite errors="${errors}"><testcase name="a">${inside}</testcase></testsuite>`;
    expect(counts(await readAll(suite(risky, 1)))).to.deep.equal([1, 0, 0, 1]);
    expect(counts(await readAll(suite(`${risky}<error type="X">no</error>`, 2)))).to.deep.equal([1, 0, 1, 0]);
  });

  it('takes what may fail in Catch2, and todos of Perl that pass, for no failures, as their runners do', async () => {
    const may =
      '<testcase name="may"><skipped message="TEST_CASE tagged with !mayfail"/><failure message="1 == 2"/></testcase>';
    expect(counts(await readAll(`<testsuite failures="0">${may}</testsuite>`))).to.deep.equal([1, 0, 0, 1]);
    const bad = '<testcase name="b"><failure message="1 == 2"/><failure message="2 == 3"/></testcase>';
    expect(counts(await readAll(`<testsuite failures="2">${may}${bad}</testsuite>`))).to.deep.equal([2, 0, 1, 1]);
    // A test that should fail and does not is claimed only.
    const should = '<testcase name="s"><skipped message="TEST_CASE tagged with !mayfail"/></testcase>';
    expect(counts(await readAll(`<testsuite failures="1">${should}</testsuite>`))).to.deep.equal([2, 0, 1, 1]);
    const todo =
      '<testcase name="1 - t"><error type="TodoTestSucceeded" message="later">ok 1 - t # TODO</error></testcase>';
    expect(counts(await readAll(`<testsuite errors="1">${todo}</testsuite>`))).to.deep.equal([1, 0, 0, 1]);
  });

  it('counts a test once of which each assertion that fails is written', async () => {
    const twice = '<testcase name="a"><failure message="1 == 2"/><failure message="2 == 3"/></testcase>';
    expect(counts(await readAll(`<testsuite failures="2">${twice}</testsuite>`))).to.deep.equal([1, 0, 1, 0]);
    expect(counts(await readAll(`<testsuite failures="3">${twice}</testsuite>`))).to.deep.equal([2, 0, 2, 0]);
    expect(
      counts(await readAll('<testsuite failures="1"><testcase name="a"><rerunFailure/></testcase></testsuite>')),
    ).to.deep.equal([1, 0, 1, 0]);
    const again = '<testcase name="a"><failure/><rerunFailure/><rerunFailure/></testcase>';
    expect(counts(await readAll(`<testsuite failures="2">${again}</testsuite>`))).to.deep.equal([2, 0, 2, 0]);
  });

  it('says of Bats, behave and Boost.Test what failed, not where it stands or "None"', async () => {
    const bats = `<failure type="failure">(from function \`helper&#39; in file a.bats, line 9,
 in test file a.bats, line 2)
  \`[ 1 -eq 2 ]&#39; failed</failure>`;
    const behave =
      '<error type="NoneType" message="None">\n<![CDATA[\nFailing step: Given what nobody knows ... undefined]]></error>';
    const boost =
      '<failure message="failure">\n<![CDATA[ASSERTION FAILURE:\n- file   : b.cpp\n- line   : 5\n- message: check 1 == 2 has failed [1 != 2]]]></failure>';
    const report = await readAll(
      `<testsuite><testcase name="a">${bats}</testcase><testcase name="b">${behave}</testcase><testcase name="c">${boost}</testcase></testsuite>`,
    );
    expect(report.cases.map(({ message }) => message)).to.deep.equal([
      "`[ 1 -eq 2 ]' failed",
      'Failing step: Given what nobody knows ... undefined',
      '- message: check 1 == 2 has failed [1 != 2]',
    ]);
  });

  it('says of Playwright what went wrong, not where the test stands', async () => {
    const failure = (title: string, path: string, error: string) =>
      `<testcase name="${path}" classname="a.spec.ts"><failure message="a.spec.ts:3:36 ${title}" type="FAILURE"><![CDATA[  [chromium] › a.spec.ts:3:36 › ${path} ─────\n\n    ${error}\n]]></failure></testcase>`;
    const bad = failure('bad', 'group › bad', 'Error: expect(received).toBe(expected)');
    const other = failure('throws', 'throws', 'Error: at a.spec.ts:3:36 boom');
    const { cases } = await readAll(`<testsuites><testsuite name="a.spec.ts">${bad}${other}</testsuite></testsuites>`);
    expect(cases.map(({ message }) => message)).to.deep.equal([
      'Error: expect(received).toBe(expected)',
      'Error: at a.spec.ts:3:36 boom',
    ]);
  });

  it('says of PHPUnit and Go what went wrong, where their messages do not', async () => {
    const php = await readAll(fixture('phpunit/junit.xml'));
    expect(counts(php)).to.deep.equal([7, 2, 2, 3]);
    expect(php.cases.slice(0, 2).map(({ message }) => message)).to.deep.equal([
      'Failed asserting that two strings are identical.',
      'RuntimeException: boom',
    ]);
    const go = await readAll(fixture('go/junit.xml'));
    expect(counts(go)).to.deep.equal([5, 2, 2, 1]);
    expect(go.cases[0]).to.deep.include({ name: 'example.com/shop/price › TestPrice/fails_on_purpose' });
    expect(go.cases[0]?.message).to.match(/^price_test\.go:7: .*red/);
  });

  it('reads what pytest writes with reruns: each try is a test, as in its own file', async () => {
    const report = await readAll(fixture('pytest-reruns/junit.xml'));
    expect(counts(report)).to.deep.equal([18, 12, 4, 2]);
    expect(report.cases[2]?.message).to.equal('failed on teardown with "RuntimeError: teardown #x1B[31mred"');
  });

  it('reads what Vitest 5 writes of retries, todos and tests that must fail', async () => {
    const report = await readAll(fixture('vitest-5/junit.xml'));
    expect(counts(report)).to.deep.equal([9, 6, 1, 2]);
  });

  it('knows the words of googletest and ctest for what was not run', async () => {
    const gtest =
      '<testcase name="a" status="run" result="completed"/><testcase name="b" status="notrun" result="suppressed"/>';
    const ctest = '<testcase name="c" status="disabled"><skipped message="Disabled"/></testcase>';
    expect(counts(await readAll(`<testsuite>${gtest}${ctest}</testsuite>`))).to.deep.equal([3, 1, 0, 2]);
  });

  it('reads over control characters and references to them, wherever the pieces are cut', async () => {
    const text =
      '<testsuite><testcase name="a\u001b[31mred\u001b[0m&#27;&#x1B;&#9;\u0000b"><system-out>\u0007&#8;</system-out></testcase></testsuite>';
    for (let pieceBytes = 1; pieceBytes < 60; pieceBytes += 1) {
      const report = await readTestReport([{ path: 'j.xml', source: textSource(text, pieceBytes) }]);
      expect(report, `${pieceBytes}`).to.deep.include({ problem: null, passed: 1 });
      expect(report?.cases[0]?.name, `${pieceBytes}`).to.equal('ared b');
    }
  });

  it('reads on where a runner has cut its colours off in the middle', async () => {
    for (const cut of ['\u001b', '\u001b[', '\u001b[3', '\u001b[1;3', '\u001b]0;title', '\u009b']) {
      const text = `<testsuite><testcase name="a"><failure message="m">x${cut}</failure><system-out><![CDATA[y${cut}]]></system-out></testcase><testcase name="b"/></testsuite>`;
      const report = await readAll(text);
      expect(report, JSON.stringify(cut)).to.deep.include({ problem: null, passed: 1, failed: 1 });
    }
  });

  it('is null without reports, and adds several up', async () => {
    expect(await readTestReport([])).to.equal(null);
    const report = await readAll(fixture('jest/junit.xml'), fixture('pytest/junit.xml'));
    expect(counts(report)).to.deep.equal([9, 5, 2, 2]);
    expect(report.files).to.deep.equal(['junit-0.xml', 'junit-1.xml']);
    expect(report.cases.slice(0, 2).map(({ ending }) => ending)).to.deep.equal(['failed', 'failed']);
  });

  it('tells tests that Surefire has run again from those that passed at once', async () => {
    const flaky = '<testcase name="a" classname="C"><flakyFailure message="once">x</flakyFailure></testcase>';
    const lost = '<testcase name="b" classname="C"><failure message="1"/><rerunFailure message="2"/></testcase>';
    const report = await readAll(`<testsuite name="C" tests="2" failures="1">${flaky}${lost}</testsuite>`);
    expect(counts(report)).to.deep.equal([2, 1, 1, 0]);
    expect(named(report, 'flaky')).to.deep.equal(['C › a']);
    expect(report.cases.map(({ message }) => message)).to.deep.equal(['once', '1']);
  });

  it('believes a suite that failed without a test that did, and counts nested claims once', async () => {
    expect(
      counts(await readAll('<testsuites failures="2" errors="1"><testsuite failures="2" errors="1"/></testsuites>')),
    ).to.deep.equal([3, 0, 3, 0]);
    const suite =
      '<testsuite name="s" errors="1" tests="1"><testcase name="t"><error>boom</error></testcase></testsuite>';
    expect(counts(await readAll(`<testsuites>${suite}${suite}</testsuites>`))).to.deep.equal([2, 0, 2, 0]);
  });

  const wrong: Readonly<Record<string, readonly [string, RegExp]>> = {
    'another kind of XML': ['<html/>', /its root is <html>/],
    'half of it': ['<testsuite><testcase name="a">', /it is not XML/],
    'no XML': ['ok 1 - a\n', /it is not XML/],
    nothing: ['', /it is not XML/],
    'a bomb': ['<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>', /its DOCTYPE declares/],
    'a negative count': ['<testsuite tests="-1"/>', /tests of an element <testsuite> is "-1"/],
    'NaN failures': ['<testsuite failures="NaN"/>', /failures .* is "NaN"/],
    'endless nesting': [`${'<testsuite>'.repeat(101)}`, /nested more than 100 deep/],
  };
  for (const [what, [text, message]] of Object.entries(wrong))
    it(`says what is wrong with ${what}, and in which file`, async () => {
      const { problem } = await readAll(fixture('jest/junit.xml'), text);
      expect(problem)
        .to.match(/^junit-1\.xml cannot be used: /)
        .and.to.match(message);
    });

  it('keeps 2,000 names of a million tests, the failed ones first, and stops there', async () => {
    const chunks = async function* () {
      yield Buffer.from('<testsuite>');
      for (let test = 0; test <= 1_000_000; test += 1)
        yield Buffer.from(`<testcase name="${test}">${test % 500 === 3 ? '<failure/>' : ''}</testcase>`);
    };
    const report = await readTestReport([{ path: 'j.xml', source: { ...textSource('<'), chunks } }]);
    expect(report?.cases).to.have.length(2_000);
    expect(report?.cases[1_999]?.ending).to.equal('failed');
    expect(report?.problem).to.match(/names more than 1000000 tests/);
  });

  it('never throws, whatever it is given', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<testsuite>',
        '<testcase name="a">',
        '<failure>',
        '</failure>',
        '</testcase>',
        '</testsuite>',
        '<skipped/>',
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        const report = await readAll(pieces.join(''));
        expect(report.passed + report.failed + report.skipped).to.equal(report.total);
      }),
    );
  });
});
