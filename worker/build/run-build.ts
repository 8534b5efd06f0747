import { buildKeys } from '../../domain/artifact-keys';
import { hasCode, type WorkerError } from '../../domain/errors';
import type { BuildEnvironment } from '../env';
import { withLogs } from './build-logs';
import { isManifest } from './default-commands';
import { asDiskFull } from './disk-full';
import { doTasks, type TasksEnd } from './do-tasks';
import { install } from './install';
import { makePlan, type Plan, renewRepository } from './make-plan';
import { type Measurement, measure, notMeasured } from './measure';
import { type BuildDeps, type OpenBuild, openBuild } from './open-build';
import { restoreProtectedFiles } from './protected-files';
import { readChanges } from './tree-changes';
import { clearWorkFolder } from './work-folder';
import { writeResult } from './write-result';

const installAll = async (logName: string, { settings, commands, budget }: Plan, build: OpenBuild): Promise<void> => {
  if (commands.install === null) return build.log('nothing to install');
  const { timeoutMinutes } = settings.install;
  await install({ command: commands.install, timeoutMinutes, logName }, { ...build, budget });
};

const measureNow = async (
  when: 'before' | 'after',
  commit: string,
  plan: Plan,
  build: OpenBuild,
): Promise<Measurement> => {
  const { settings, commands, budget } = plan;
  const wanted = settings.test.timeoutMinutes * 60;
  const timeoutSeconds = when === 'before' ? budget.forWork(wanted) : budget.forLastTests(wanted);
  await restoreProtectedFiles(build);
  const { coverage: coverageKey } = buildKeys(build.env.artifactsPrefix);
  const input = { when, commit, command: commands.test, reports: settings.coverage.reports, timeoutSeconds };
  const measurement = await measure(input, { ...build, coverageKey });
  build.log(`tests ${when}: ${measurement.tests.ending}; coverage report: ${measurement.coverage.kind}`);
  return measurement;
};

type Measured = Measurement & { readonly fault: WorkerError | null };

/** Tests and coverage of what was committed. Where the commits change what is to be installed, that is installed first. */
const measureResult = async ({ head }: TasksEnd, plan: Plan, build: OpenBuild): Promise<Measured> => {
  const changes = await readChanges(plan.checkout.head, head, build);
  if (changes.some(({ path }) => isManifest(path))) {
    try {
      await installAll('install-after.log', plan, build);
    } catch (error) {
      if (!hasCode(error, 'InstallFailed', 'BuildTimedOut')) throw error;
      return { ...notMeasured(plan.commands.test, plan.settings.coverage.reports), fault: error as WorkerError };
    }
  }
  return { ...(await measureNow('after', head, plan, build)), fault: null };
};

const work = async (build: OpenBuild): Promise<void> => {
  const plan = await makePlan(build);
  const { checkout, settings, commands, spec, budget } = plan;
  await installAll('install.log', plan, build);
  const before = await measureNow('before', checkout.head, plan, build);
  const end = await doTasks(
    { head: checkout.head, spec, settings, testCommand: commands.test },
    { ...build, budget, renewAgentRepository: (tip) => renewRepository(checkout, tip, build) },
  );
  // Nothing to show for it: an error of the item. With commits it is a result that says how far it came (decision 7).
  if (end.failure && end.commits.length === 0) throw end.failure.error;
  const { fault, ...after } = await measureResult(end, plan, build);
  const failure = end.failure ?? (fault && { error: fault, task: null });
  await writeResult({ plan, before, after, end, failure }, build);
};

/**
 * Builds one work item: fetches the checkout's bundle, has the agent do the open tasks of the spec one by one, and stores what came of it with its proof. A red result is a result.
 * `result.json` is written last: where it is, the build was complete.
 * @throws what the build ended with, with the places of its logs (logsOf); Interrupted when `signal` was aborted
 */
export const runBuild = async (env: BuildEnvironment, deps: BuildDeps): Promise<void> => {
  const build = await openBuild(env, deps);
  try {
    await work(build);
  } catch (error) {
    await build.sandbox.close();
    if (hasCode(error, 'Interrupted')) throw error;
    throw withLogs(asDiskFull(error), await build.logs.store().catch(() => []));
  } finally {
    await clearWorkFolder(build.folder, build);
  }
};
