import { expect } from 'chai';
import type { TestRun } from '../../domain/build-result';
import { readEndings } from '../../domain/test-endings';
import { readTestReport } from '../../domain/test-reports/parse-junit';
import type { TestReport } from '../../domain/test-reports/test-report';
import { fixture, textSource } from '../support/report-sources';

const read = async (text: string | Buffer): Promise<TestReport> => {
  const report = await readTestReport([{ path: 'junit.xml', source: textSource(text) }]);
  if (!report) throw new Error('no report');
  return report;
};

/** `1 failed 2 passed`; null where the report does not say it. */
const said = (report: TestReport | null, file: string, title: string | null, flaky: TestRun['flaky'] = null) => {
  const endings = readEndings({ report, flaky })({ file, title });
  return endings && Object.entries(endings).flatMap(([ending, count]) => (count > 0 ? [`${count} ${ending}`] : []));
};
const one = (name: string, file = '/srv/shop/test/a.test.js') => `<testcase name="${name}" file="${file}"/>`;
const failing = (name: string, file = '/srv/shop/test/a.test.js') =>
  `<testcase name="${name}" file="${file}"><failure message="no"/></testcase>`;
const suite = (...cases: readonly string[]) => read(`<testsuite name="s">${cases.join('')}</testsuite>`);

describe('readEndings', () => {
  const works = ['works (Requirement 1.1)', ['1 passed']] as const;
  const fails = ['fails on purpose', ['1 failed']] as const;
  const tools: readonly (readonly [string, string, string, readonly (readonly [string, readonly string[]])[]])[] = [
    ['node:test', 'node/junit.xml', 'node.test.js', [works, fails]],
    ['Jest', 'jest/junit.xml', 'test/price.test.js', [works, fails]],
    ['Vitest', 'vitest-v8/junit.xml', 'vitest.test.js', [works, fails]],
    ['Mocha', 'nyc/junit.xml', 'test/price.test.js', [works, fails, ['price', ['2 passed', '1 failed']]]],
    [
      'pytest',
      'pytest/junit.xml',
      'tests/test_price.py',
      [
        ['test_minus', ['1 passed']],
        ['test_plus', ['2 passed']],
        ['test_skipped', ['1 skipped']],
      ],
    ],
    [
      'Surefire',
      'maven/TEST-com.acme.shop.PriceTest.xml',
      'src/test/java/com/acme/shop/PriceTest.java',
      [['failsOnPurpose', ['1 failed']]],
    ],
  ];
  for (const [tool, path, file, expected] of tools)
    it(`finds a test in what ${tool} writes`, async () => {
      const report = await read(fixture(path));
      for (const [title, endings] of expected)
        expect([...(said(report, file, title) ?? [])].sort(), title).to.deep.equal([...endings].sort());
      expect(said(report, file, 'something else')).to.equal(null);
    });

  it('counts the tests of a file where the report says where they stand', async () => {
    expect(said(await read(fixture('vitest-v8/junit.xml')), 'vitest.test.js', null)).to.have.members([
      '2 passed',
      '1 failed',
      '1 skipped',
    ]);
    expect(said(await read(fixture('nyc/junit.xml')), 'test/price.test.js', null)).to.have.members([
      '2 passed',
      '1 failed',
    ]);
    expect(said(await read(fixture('pytest/junit.xml')), 'tests/test_price.py', null)).to.include('3 passed');
    expect(said(await read(fixture('pytest/junit.xml')), 'tests/test_other.py', null)).to.equal(null);
    expect(said(await read(fixture('jest/junit.xml')), 'test/price.test.js', null), 'it does not').to.equal(null);
  });

  it('knows compiled tests and Windows, and does not take a file for another of the same name', async () => {
    const report = await suite(one('a', 'C:\\shop\\dist\\test\\a.test.js'), failing('b', '/srv/shop/other/b.test.js'));
    expect(said(report, 'test/a.test.ts', 'a')).to.deep.equal(['1 passed']);
    expect(said(report, 'a.test.js', null)).to.deep.equal(['1 passed']);
    expect(said(report, 'test/b.test.js', null)).to.equal(null);
    expect(said(report, 'test/b.test.js', 'b'), 'that one failed elsewhere').to.equal(null);
  });

  it('does not take a test for another that ends alike', async () => {
    const report = await suite(one('mean adds'), failing('mean never adds'));
    expect(said(report, 'test/a.test.js', 'adds')).to.equal(null);
    expect(said(report, 'test/a.test.js', 'never adds')).to.deep.equal(['1 failed']);
    const exact = await suite(one('adds'), failing('never adds'));
    expect(said(exact, 'test/a.test.js', 'adds')).to.deep.equal(['1 passed']);
    expect(said(exact, 'test/a.test.js', 'never \\adds'), 'as the source writes it').to.deep.equal(['1 failed']);
  });

  it('means a title without a place only where one test has it', async () => {
    const report = await read('<testsuite><testcase name="a"/><testcase name="b"/><testcase name="b"/></testsuite>');
    expect(said(report, 'x.test.js', 'a')).to.deep.equal(['1 passed']);
    expect(said(report, 'x.test.js', 'b')).to.equal(null);
  });

  it('never calls a test good that passed only in a second run', async () => {
    const report = await suite(one('a'), one('b'));
    const flaky = { exitCode: 1, seconds: 1, outputTail: '', tests: ['s › a'] };
    expect(said(report, 'test/a.test.js', null, flaky)).to.deep.equal(['1 passed', '1 flaky']);
  });

  it('says nothing without reports, with one that cannot be read, or of tests that were not kept', async () => {
    const whole = await suite(one('a'));
    expect(said(null, 'test/a.test.js', 'a')).to.equal(null);
    expect(said({ ...whole, problem: 'is cut off' }, 'test/a.test.js', 'a')).to.equal(null);
    expect(said({ ...whole, total: 9_000 }, 'test/a.test.js', null)).to.equal(null);
    expect(said({ ...whole, total: 9_000 }, 'test/a.test.js', 'a')).to.deep.equal(['1 passed']);
    const lost = await suite(failing('b'));
    expect(said({ ...lost, total: 9_000 }, 'test/a.test.js', null)).to.deep.equal(['1 failed']);
  });
});
