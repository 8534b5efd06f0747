import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git } from '../../adapters/git/git';
import type { CoverageEvidence, TestRun } from '../../domain/build-result';
import { clearReports, collectReport } from './coverage-report';
import { runTests, testsNotRun } from './run-tests';
import type { Sandbox } from './sandbox';
import type { WorkFolder } from './work-folder';

export type Measurement = { readonly tests: TestRun; readonly coverage: CoverageEvidence };

type Input = {
  readonly when: 'before' | 'after';
  readonly command: string;
  readonly reports: readonly string[];
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
};

export const notMeasured = (command: string, reports: readonly string[]): Measurement => ({
  tests: testsNotRun(command),
  coverage: { kind: 'absent', looked: [...reports] },
});

/** Tests, and the coverage report that this run of them wrote. */
export const measure = async (
  input: Input,
  { sandbox, folder, git, store, secrets, coverageKey }: Deps,
): Promise<Measurement> => {
  const { when, command, reports, timeoutSeconds, commit } = input;
  const place = { folder, reports };
  const since = await clearReports(place, { git });
  const tests = await runTests(
    { command, timeoutSeconds, logName: `tests-${when}.log`, title: `tests ${when}` },
    { sandbox },
  );
  const keyOf = (fileName: string) => coverageKey(when, fileName);
  return { tests, coverage: await collectReport(place, { since, commit }, { store, keyOf, secrets }) };
};
