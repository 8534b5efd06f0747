import type { BuildResult, PublishResult, StoredObject, TestRun } from '../../domain/build-result';
import type { Verdict } from '../../domain/verdict';

const BASE = 'b'.repeat(40);
export const HEAD = '1'.repeat(40);
export const RESULT_HEAD = '2'.repeat(40);
export const EXECUTION = 'run-1';

export const storedObject = (key: string, change: Partial<StoredObject> = {}): StoredObject => ({
  key: `builds/${EXECUTION}/build/${key}`,
  versionId: 'v1',
  sha256: 'a'.repeat(64),
  bytes: 1,
  ...change,
});

export const testRun = (change: Partial<TestRun> = {}): TestRun => ({
  ending: 'passed',
  command: 'npm test',
  exitCode: 0,
  seconds: 12.4,
  outputTail: '2 passing',
  report: null,
  flaky: null,
  ...change,
});

/** What a build that went well says: one task done in one commit. */
export const buildResult = (change: Partial<BuildResult> = {}): BuildResult => ({
  version: 1,
  environment: 'test',
  release: 'r1',
  buildId: 'builder:1',
  itemId: 'PVTI_1',
  fence: 1,
  branch: 'feature/cart',
  specPath: '.kiro/specs/cart',
  base: BASE,
  head: HEAD,
  resultHead: RESULT_HEAD,
  agent: null,
  commits: [{ sha: RESULT_HEAD, task: '1', title: 'Add the cart' }],
  tasks: [
    {
      id: '1',
      title: 'Add the cart',
      optional: false,
      state: 'done',
      requirements: ['1.1'],
      commit: RESULT_HEAD,
      seconds: 3,
    },
  ],
  leftOut: [],
  requirements: [],
  tests: { before: testRun(), after: testRun() },
  coverage: {
    before: { kind: 'absent', looked: ['coverage/lcov.info'] },
    after: {
      kind: 'found',
      path: 'coverage/coverage-summary.json',
      report: storedObject('c'),
      commit: RESULT_HEAD,
      root: '/srv/shop',
      parts: [],
      alternatives: [],
    },
  },
  gate: {
    lines: 80,
    branches: 80,
    functions: 80,
    statements: 80,
    maxDrop: 0,
    changedLines: 80,
    needsChangedLines: false,
    needsTestReport: false,
  },
  changes: null,
  repairs: [],
  fault: null,
  steering: null,
  protectedPathsChanged: [],
  testChanges: [],
  isolated: true,
  bundle: storedObject('result.bundle'),
  logs: [],
  startedAt: '2026-11-01T09:00:00Z',
  endedAt: '2026-11-01T10:00:00Z',
  ...change,
});

export const publishResult = (): PublishResult => ({
  version: 1,
  branch: 'feature',
  before: HEAD,
  after: RESULT_HEAD,
  outcome: 'pushed',
});

const ratio = (covered: number, total: number) => ({ covered, total });

export const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  version: 1,
  kind: 'green',
  reasons: [],
  finishedTasks: 1,
  threshold: 80,
  coverage: {
    before: null,
    after: { lines: ratio(9, 10), branches: ratio(8, 10), functions: ratio(2, 2), statements: null },
  },
  changedLines: null,
  ambiguousPaths: [],
  boundTo: {
    itemId: 'PVTI_1',
    fence: 1,
    base: BASE,
    head: HEAD,
    resultHead: RESULT_HEAD,
    bundleKey: storedObject('result.bundle').key,
    bundleVersionId: 'v1',
    bundleSha256: 'a'.repeat(64),
  },
  decidedAt: '2026-11-01T10:00:00.000Z',
  ...change,
});

/** Istanbul's summary with the same figures in all four metrics, unless they are given one by one. */
export const summary = (
  covered: number,
  total: number,
  metrics: Partial<Record<'lines' | 'branches' | 'functions' | 'statements', readonly [number, number]>> = {},
): string => {
  const of = (name: keyof typeof metrics) => {
    const [hit, all] = metrics[name] ?? [covered, total];
    return { total: all, covered: hit, skipped: 0, pct: 0 };
  };
  const [lines, branches, functions, statements] = [of('lines'), of('branches'), of('functions'), of('statements')];
  return JSON.stringify({ total: { lines, branches, functions, statements } });
};
