import { expect } from 'chai';
import { marksIn, testRoleOf } from '../../domain/test-paths';

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
