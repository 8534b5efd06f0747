import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestRun } from '../../domain/build-result';
import { readTestReport } from '../../domain/test-reports/parse-junit';
import { type Moment, roomForReports, type Taking, takeReport } from './coverage-report';
import { fileSource } from './file-source';
import { findReports } from './find-reports';
import type { WorkFolder } from './work-folder';

/** What the JUnit reports say that were written since `since`; null when there are none. Call it when nothing of the build user's runs any more. */
export const collectTestReport = async (
  { folder, patterns }: { readonly folder: WorkFolder; readonly patterns: readonly string[] },
  since: Moment,
  { secrets }: Pick<Taking, 'secrets'>,
): Promise<TestRun['report']> => {
  const taking: Taking = { since, room: roomForReports(), secrets };
  const files: { path: string; file: string }[] = [];
  for (const { path, real } of (await Promise.all(patterns.map((each) => findReports(folder.tree, each)))).flat()) {
    const file = join(folder.private, `tests-${files.length}`);
    const { kind } = await takeReport(real, file, taking);
    if (kind === 'taken') files.push({ path, file });
  }
  const sources = await Promise.all(files.map(async ({ path, file }) => ({ path, source: await fileSource(file) })));
  const report = await readTestReport(sources);
  await Promise.all(files.map(({ file }) => rm(file, { force: true })));
  return report;
};
