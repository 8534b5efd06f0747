import { buildKeys } from '../../domain/artifact-keys';
import { hasCode, type WorkerError } from '../../domain/errors';
import type { BuildEnvironment } from '../env';
import { withLogs } from './build-logs';
import { findInstall } from './default-commands';
import { asDiskFull } from './disk-full';
import { doTasks, type TasksEnd } from './do-tasks';
import { install } from './install';
import { layOut, makePlan, type Plan, renewRepository } from './make-plan';
import { type Measurement, measure, notMeasured } from './measure';
import { type BuildDeps, type OpenBuild, openBuild, renewGround } from './open-build';
import { restoreProtectedFiles } from './protected-files';
import { clearWorkFolder } from './work-folder';
import { writeResult } from './write-result';

type Installation = { readonly command: string | null; readonly seconds: number; readonly logName: string };

/** Gives the seconds that it took. */
const installAll = async ({ command, seconds, logName }: Installation, build: OpenBuild): Promise<number> => {
  if (command !== null) return install({ command, timeoutSeconds: seconds, logName }, build);
  build.log('nothing to install');
  return 0;
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

/**
 * Tests and coverage of what was committed, in a fresh clone of it: what an agent has left anywhere else has no part in them. Without commits there is nothing
 * new to measure, and what lies there will do.
 */
const measureResult = async ({ head, commits }: TasksEnd, plan: Plan, build: OpenBuild): Promise<Measured> => {
  if (commits.length === 0) return { ...(await measureNow('after', head, plan, build)), fault: null };
  const { settings, commands, budget } = plan;
  const fresh = await renewGround(build);
  try {
    await layOut(head, plan.checkout, fresh);
    const command = await findInstall(head, settings, build);
    const seconds = budget.forLastInstall(settings.install.timeoutMinutes * 60);
    await installAll({ command, seconds, logName: 'install-after.log' }, fresh);
    return { ...(await measureNow('after', head, plan, fresh)), fault: null };
  } catch (error) {
    if (!hasCode(error, 'InstallFailed', 'BuildTimedOut', 'SettingsInvalid')) throw error;
    return { ...notMeasured(commands.test, settings.coverage.reports), fault: error as WorkerError };
  } finally {
    await fresh.sandbox.close();
  }
};

/** What is known once everything is installed: how long that takes. */
const installFirst = async (plan: Plan, build: OpenBuild): Promise<Plan> => {
  const { settings, commands, budget } = plan;
  const wanted = budget.forWork(settings.install.timeoutMinutes * 60);
  const took = await installAll({ command: commands.install, seconds: wanted, logName: 'install.log' }, build);
  return { ...plan, budget: budget.afterInstall(took) };
};

const work = async (build: OpenBuild): Promise<void> => {
  const plan = await installFirst(await makePlan(build), build);
  const { checkout, settings, commands, spec, budget } = plan;
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
    await build.sandbox.close(); // nothing may write to a log that is being stored
    if (hasCode(error, 'Interrupted')) throw error;
    throw withLogs(asDiskFull(error), await build.logs.store().catch(() => []));
  } finally {
    await build.sandbox.close();
    await clearWorkFolder(build.folder, build);
  }
};
