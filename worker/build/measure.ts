import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git } from '../../adapters/git/git';
import type { CoverageEvidence, TestRun } from '../../domain/build-result';
import { type CoveragePlaces, clearReports, collectCoverage, type Moment } from './coverage-report';
import { runTests, testsNotRun } from './run-tests';
import type { Sandbox } from './sandbox';
import { collectTestReport } from './test-reports';
import type { WorkFolder } from './work-folder';

export type Measurement = {
  readonly tests: TestRun;
  readonly coverage: CoverageEvidence;
  /** Our copies of the reports, by the keys under which they were stored. */
  readonly copies: ReadonlyMap<string, string>;
};

type Input = {
  readonly when: 'before' | 'after';
  readonly command: string;
  readonly places: CoveragePlaces;
  /** Where JUnit reports are looked for. */
  readonly testReports: readonly string[];
  readonly timeoutSeconds: number;
  /** What lies in the work tree. */
  readonly commit: string;
};

type Deps = {
  readonly sandbox: Pick<Sandbox, 'run'>;
  readonly folder: WorkFolder;
  readonly git: Git;
  readonly store: Pick<ArtifactStore, 'upload'>;
  readonly secrets: readonly string[];
  readonly coverageKey: (when: 'before' | 'after', fileName: string) => string;
  /** Seconds that a second run of failed tests may take; 0: there is none. Called when it is known that it would be needed. */
  readonly secondsForRetry: (firstSeconds: number) => number;
  /** Called before a second run: the first one may have changed what it must not. */
  readonly prepareRetry: () => Promise<void>;
  readonly log: (line: string) => void;
};

export const notMeasured = (command: string, places: CoveragePlaces): Measurement => ({
  tests: testsNotRun(command),
  coverage: { kind: 'absent', looked: places.flat() },
  copies: new Map(),
});

type Run = { readonly tests: TestRun; readonly since: Moment };

const runOnce = async (
  input: Input & { readonly logName: string },
  { sandbox, folder, git, secrets }: Deps,
): Promise<Run> => {
  const { when, command, places, testReports, timeoutSeconds, logName } = input;
  const since = await clearReports({ folder, patterns: [...places.flat(), ...testReports] }, { git });
  const tests = await runTests({ command, timeoutSeconds, logName, title: `tests ${when}` }, { sandbox });
  const report = await collectTestReport({ folder, patterns: testReports }, since, { secrets });
  return { tests: { ...tests, report }, since };
};

const failedNames = ({ report }: TestRun): string[] =>
  (report?.cases ?? []).filter(({ ending }) => ending === 'failed').map(({ name }) => name);

/** Failed tests get a second chance, which is never hidden: how they failed at first stays on record. */
const retry = async (first: Run, input: Input, deps: Deps): Promise<Run> => {
  const timeoutSeconds = deps.secondsForRetry(first.tests.seconds);
  if (timeoutSeconds === 0) return first;
  deps.log(`tests ${input.when}: failed; they are run once more`);
  await deps.prepareRetry();
  const second = await runOnce({ ...input, timeoutSeconds, logName: `tests-${input.when}-again.log` }, deps);
  if (second.tests.ending !== 'passed') return second;
  const { exitCode, seconds, outputTail } = first.tests;
  const flaky = { exitCode, seconds, outputTail, tests: failedNames(first.tests) };
  return { ...second, tests: { ...second.tests, flaky } };
};

/** Tests, and the reports that this run of them wrote. */
export const measure = async (input: Input, deps: Deps): Promise<Measurement> => {
  const { when, places, commit } = input;
  const { folder, store, secrets, coverageKey } = deps;
  const first = await runOnce({ ...input, logName: `tests-${when}.log` }, deps);
  const { tests, since } = first.tests.ending === 'failed' ? await retry(first, input, deps) : first;
  const keyOf = (fileName: string) => coverageKey(when, fileName);
  const { evidence, copies } = await collectCoverage(
    { folder, places, when },
    { since, commit },
    { store, keyOf, secrets },
  );
  return { tests, coverage: evidence, copies };
};
