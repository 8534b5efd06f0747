import { hasCode } from '../../domain/errors';
import type { BuildEnvironment } from '../env';
import { withEvidence } from './build-logs';
import { asDiskFull } from './disk-full';
import { doTasks } from './do-tasks';
import { finishWork } from './finish-work';
import { makePlan, type Plan, renewRepository } from './make-plan';
import { installAll, measureNow } from './measure-result';
import { type BuildDeps, type OpenBuild, openBuild } from './open-build';
import { startOf } from './unpack';
import { clearWorkFolder } from './work-folder';
import { writeResult } from './write-result';

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
  const start = startOf(checkout);
  const before = await measureNow('before', start, plan, build);
  const end = await doTasks(
    { head: start, spec, settings, testCommand: commands.test },
    { ...build, budget, renewAgentRepository: (tip) => renewRepository(checkout, tip, build) },
  );
  // Nothing to show for it: an error of the item. With commits it is a result that says how far it came (decision 7).
  if (end.failure && end.commits.length === 0) throw end.failure.error;
  const { fault, ...finish } = await finishWork({ plan, before, end }, build);
  const failure = end.failure ?? (fault && { error: fault, task: null });
  await writeResult({ plan, before, ...finish, failure }, build);
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
    const logs = await build.logs.store().catch(() => []);
    throw withEvidence(asDiskFull(error), { logs, agent: build.agent.report() });
  } finally {
    await build.sandbox.close();
    await clearWorkFolder(build.folder, build);
  }
};
