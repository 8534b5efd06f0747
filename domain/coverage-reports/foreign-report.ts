type Foreign = { readonly begins: RegExp; readonly what: string; readonly instead: string };

/** Reports that people have beside those that are read, told by their first characters. */
const FOREIGN: readonly Foreign[] = [
  {
    begins: /^\{\s*"meta"\s*:\s*\{\s*"simplecov_version"|^\{\s*"[^"]*"\s*:\s*\{\s*"coverage"\s*:/,
    what: 'the JSON of SimpleCov',
    instead: 'the formatters simplecov-lcov and simplecov-cobertura write',
  },
  {
    begins: /^\{\s*"meta"\s*:\s*\{\s*"software"\s*:\s*"slipcover"/,
    what: 'the JSON of SlipCover',
    instead: '"slipcover --lcov" or "slipcover --xml" writes',
  },
  {
    begins: /^\{\s*"meta"\s*:\s*\{/,
    what: 'the JSON of coverage.py',
    instead: '"coverage xml" or "coverage lcov" writes',
  },
  { begins: /^\{\s*"gcovr\//, what: 'the JSON of gcovr', instead: '"gcovr --lcov" or "gcovr --cobertura" writes' },
  {
    begins: /^\{\s*"data"\s*:\s*\[\s*\{\s*"files"/,
    what: 'the JSON of llvm-cov',
    instead: '"llvm-cov export -format=lcov" writes',
  },
  { begins: /^\{\s*"result"\s*:\s*\[/, what: 'what V8 measures', instead: '"c8 report --reporter=lcov" makes of it' },
  {
    begins: /^\{\s*"(?:run_at|source_files|repo_token|service_name)"\s*:/,
    what: 'the JSON for Coveralls',
    instead: 'the tool writes as LCOV or Cobertura',
  },
  {
    begins: /^\{\s*"[^"]+\.(?:dll|exe)"\s*:/,
    what: 'the JSON of coverlet',
    instead: 'it writes with the format cobertura or lcov',
  },
  {
    begins: /^mode: (?:set|count|atomic)\s/,
    what: 'the profile of Go',
    instead: 'gocover-cobertura or gcov2lcov makes of it',
  },
  {
    begins: /^(?:<\?xml[^>]*>\s*)?<coverage\s+version="1"\s*>/,
    what: 'the generic coverage of SonarQube',
    instead: 'the tool writes as LCOV, Cobertura or Clover',
  },
  {
    begins: /^SQLite format 3/,
    what: 'the data file of coverage.py',
    instead: '"coverage xml" or "coverage lcov" writes',
  },
];

/** What a report is that is not read, and what to name instead; null: none that is known. `head`: its first characters. */
export const foreignReport = (head: string): string | null => {
  const found = FOREIGN.find(({ begins }) => begins.test(head));
  return found ? `it is ${found.what}, which is not read: name what ${found.instead}` : null;
};
