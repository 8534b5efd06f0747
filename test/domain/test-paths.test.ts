import { expect } from 'chai';
import { marksIn, reachesIntoRun, testRoleOf } from '../../domain/test-paths';

describe('testRoleOf', () => {
  const tests =
    'test/add.js a/tests/data.json spec/add_spec.rb src/__tests__/a.ts e2e/x.js src/add.test.ts src/add-spec.js pkg/add_test.go test.sh tests.py lib/test_add.py t/test-add.sh src/AddTest.java A/CartTests.cs CartSpec.scala';
  for (const path of tests.split(' '))
    it(`takes ${path} for a test`, () => {
      expect(testRoleOf(path)).to.equal('test');
    });

  const settings =
    '.nycrc .nycrc.json a/.c8rc.json jest.config.ts vitest.config.mts .mocharc.yml .coveragerc pytest.ini pyproject.toml Makefile sub/GNUmakefile build.gradle.kts node_modules/.bin/mocha a/node_modules/c8/index.js codecov.yml phpunit.xml.dist';
  for (const path of settings.split(' '))
    it(`takes ${path} for a setting`, () => {
      expect(testRoleOf(path)).to.equal('setting');
    });

  const neither =
    'src/add.ts package.json .kiro/specs/test/tasks.md .kiro/specs/x/design.md src/latest.ts src/contest.js src/attestation.ts README.md src/inspector.ts Makefile.md lib/testing.ts';
  for (const path of neither.split(' '))
    it(`takes ${path} for neither`, () => {
      expect(testRoleOf(path)).to.equal(null);
    });
});

describe('marksIn', () => {
  const marked = {
    unmeasured: [
      '/* c8 ignore start */',
      '/* istanbul ignore next */',
      '// v8 ignore next 3',
      'x = 1  # pragma: no cover',
      '// LCOV_EXCL_START',
      '/* node:coverage disable */',
    ],
    skipped: [
      "it.skip('a', f)",
      'describe.only(',
      "xit('a'",
      '@pytest.mark.skip',
      't.Skip("later")',
      '@Disabled',
      'test("a", { skip: true }, f)',
    ],
  };
  for (const [mark, texts] of Object.entries(marked))
    for (const text of texts)
      it(`finds ${mark} in ${text}`, () => {
        expect(marksIn(`a\n${text}\nb`)).to.deep.equal([mark]);
      });

  it('finds nothing in what only sounds like it', () => {
    expect(marksIn('const skip = 1; list.skip(3); ignore(c8); exit(1); fit(2)')).to.deep.equal([]);
  });
});

describe('reachesIntoRun', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['lib/a.js', 'for (const k in global.__coverage__) all(k);', true],
    ['spec/z.js', "fs.writeFileSync('coverage/coverage-final.json', '{}')", true],
    ['scripts/mend.py', "open('coverage/lcov.info', 'w')", true],
    ['test/z.js', "write('junit.xml')", true],
    ['test/z.js', 'process.exitCode = 0', true],
    ['tests/test_a.py', 'os._exit(0)', true],
    ['add_test.go', 'os.Exit(0)', true],
    ['test/z.js', 'if (process.exitCode === 0) fine();', false],
    ['src/cli.js', 'process.exit(1)', false],
    ['README.md', 'It writes coverage/lcov.info.', false],
    ['.gitignore', '.nyc_output', false],
    ['.github/workflows/ci.yml', 'path: junit.xml', false],
    ['jest.config.js', "reporters: ['junit.xml']", false],
  ];
  for (const [path, text, reaches] of cases)
    it(`${reaches ? 'finds' : 'does not find'} it in ${path}: ${text}`, () => {
      expect(reachesIntoRun(path, text)).to.equal(reaches);
    });
});
