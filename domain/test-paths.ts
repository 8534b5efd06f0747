/** What a file has to do with the proof of a change, as far as its path says it: a test, or a setting of what runs and measures the tests. */
export type TestRole = 'test' | 'setting';

/** Folders that hold tests, wherever they lie. Specs of Kiro are none: they are below `.kiro`. */
const TEST_FOLDER = /(?:^|\/)(?:tests?|specs?|__(?:tests|mocks|snapshots)__|e2e|cypress|testdata)\//i;

/** `add.test.ts`, `add_test.go`, `add-spec.js`; `test_add.py`, `test.sh`, `tests.py`; `AddTest.java`, `AddSpec.scala`. */
const TEST_FILE =
  /[._-](?:tests?|specs?|cy|e2e)\.[^/]+$|(?:^|\/)(?:tests?|conftest)(?:[._-][^/]*)?\.[^/.]+$|[a-z0-9](?:Tests?|Spec)\.[A-Za-z]+$/;

/** Files that say how tests run and what is measured, by the tools that read them. */
const SETTING_FILE = new RegExp(
  [
    '\\.(?:nycrc|c8rc|mocharc|taprc|jestrc|babelrc|swcrc)(?:\\.[^/]+)?',
    '(?:nyc|jest|vitest|vite|ava|karma|playwright|cypress|babel|web-test-runner)\\.(?:config|conf|workspace)\\.[^/]+',
    '\\.istanbul\\.ya?ml|\\.?codecov\\.ya?ml|\\.coveragerc|\\.lcovrc|\\.simplecov|\\.rspec|\\.?tarpaulin\\.toml',
    'pytest\\.ini|tox\\.ini|setup\\.cfg|pyproject\\.toml|noxfile\\.py|phpunit\\.xml(?:\\.dist)?',
    'pom\\.xml|build\\.gradle(?:\\.kts)?|(?:gnu)?makefile|justfile|rakefile',
  ]
    .map((names) => `(?:${names})`)
    .join('|')
    .replace(/^/, '(?:^|/)(?:')
    .replace(/$/, ')$'),
  'i',
);

/** Null: its name says nothing. `package.json` is not told by its name: most changes of it have nothing to do with tests (manifest-changes.ts). */
export const testRoleOf = (path: string): TestRole | null => {
  if (path.startsWith('.kiro/')) return null;
  // A repository that has its packages committed: the test runner itself lies there.
  if (SETTING_FILE.test(path) || /(?:^|\/)node_modules\//.test(path)) return 'setting';
  return TEST_FOLDER.test(path) || TEST_FILE.test(path) ? 'test' : null;
};

/** Comments by which a line is left out of coverage: Istanbul, c8, V8, node, coverage.py, LCOV, gcovr, PHPUnit, SimpleCov, Dart. */
const UNMEASURED =
  /(?:istanbul|[cv]8) ignore|node:coverage (?:disable|ignore)|pragma: ?no ?cover|(?:LCOV|GCOVR?)_EXCL|@codeCoverageIgnore|:nocov:|coverage:ignore|coverage\(off\)/;

/** Ways to leave tests out: mocha, jest, node, vitest; pytest, unittest; Go, JUnit, Rust. */
const SKIPPED =
  /\b(?:describe|context|suite|it|test)\.(?:skip|only|todo)\b|\bx(?:it|describe)\(|\bskip: *true\b|pytest\.mark\.skip|unittest\.skip|\bt\.Skip(?:f|Now)?\(|@(?:Ignore|Disabled)\b|#\[ignore/;

/** Counters and reports of a run, by the names that nyc, V8, coverage.py and others give them. */
const REPORTS =
  /__coverage__|NODE_V8_COVERAGE|\bv8\.(?:stop|take)Coverage\b|COVERAGE_(?:FILE|PROCESS_START)|\.nyc_output|\bcoverage-(?:final|summary)\.json\b|\blcov\.info\b|\b(?:clover|cobertura(?:-coverage)?|jacoco|junit)\.xml\b/;

/** Ways in which a test can end the run, or say how it ended. */
const ENDINGS = /\bprocess\.(?:exit|reallyExit)\(|\bprocess\.exitCode *=(?!=)|\bos\._exit\(|\bsys\.exit\(|\bos\.Exit\(/;

/** Files that are read and not run, and files with a dot in front, which say what is ignored. */
const NOT_RUN = /\.(?:md|mdx|txt|rst|adoc|ya?ml|toml|json)$|(?:^|\/)\.[^/]+$/i;

/** Whether a text that is added to a file names what only the tools that measure should write, or in a test, ends the run. */
export const reachesIntoRun = (path: string, text: string): boolean => {
  const role = testRoleOf(path);
  if (role === 'setting' || NOT_RUN.test(path)) return false;
  return REPORTS.test(text) || (role === 'test' && ENDINGS.test(text));
};

/** What a text that is added to a file takes away from the proof. */
export const marksIn = (text: string): readonly ('unmeasured' | 'skipped')[] => [
  ...(UNMEASURED.test(text) ? (['unmeasured'] as const) : []),
  ...(SKIPPED.test(text) ? (['skipped'] as const) : []),
];
