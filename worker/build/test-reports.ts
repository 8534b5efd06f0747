import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestRun } from '../../domain/build-result';
import { readTestReport } from '../../domain/test-reports/parse-junit';
import type { TestReport } from '../../domain/test-reports/test-report';
import { MOST_FOUND, type Moment, roomForReports, type Taking, takeReport } from './coverage-report';
import { fileSource } from './file-source';
import { findReports } from './find-reports';
import type { WorkFolder } from './work-folder';

const NOTHING: TestReport = { total: 0, passed: 0, failed: 0, skipped: 0, cases: [], files: [], problem: null };

type Input = { readonly folder: WorkFolder; readonly patterns: readonly string[] };
type Taken = {
  readonly files: readonly { readonly path: string; readonly file: string }[];
  readonly problem: string | null;
};

/** Our copies of the reports of this run. A part of them would say less than the run did, so that one cannot be taken is a problem of all. */
const takeReports = async ({ folder, patterns }: Input, taking: Taking): Promise<Taken> => {
  const files: { path: string; file: string }[] = [];
  for (const pattern of patterns) {
    const found = await findReports(folder.tree, pattern, MOST_FOUND);
    if (found.beyond !== null)
      return { files, problem: `${pattern} cannot be used: it means ${found.beyond}, which is more than is read` };
    for (const { path, real } of found.files) {
      const file = join(folder.private, `tests-${files.length}`);
      const { kind, bytes } = await takeReport(real, file, taking);
      if (kind === 'too-large')
        return { files, problem: `${path} cannot be used: it has ${bytes} bytes, which is more than is read` };
      if (kind === 'taken') files.push({ path, file });
    }
  }
  return { files, problem: null };
};

/** What the JUnit reports say that were written since `since`; null when there are none. Call it when nothing of the build user's runs any more. */
export const collectTestReport = async (
  input: Input,
  since: Moment,
  { secrets }: Pick<Taking, 'secrets'>,
): Promise<TestRun['report']> => {
  const { files, problem } = await takeReports(input, { since, room: roomForReports(), secrets });
  const sources = await Promise.all(files.map(async ({ path, file }) => ({ path, source: await fileSource(file) })));
  const report = await readTestReport(sources);
  await Promise.all(files.map(({ file }) => rm(file, { force: true })));
  return problem === null ? report : { ...(report ?? NOTHING), problem };
};
