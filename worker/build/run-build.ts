import { hasCode } from '../../domain/errors';
import type { BuildEnvironment } from '../env';
import { withEvidence } from './build-logs';
import { asDiskFull } from './disk-full';
import { doTasks } from './do-tasks';
import { finishWork } from './finish-work';
import { makePlan, renewRepository } from './make-plan';
import { type Before, measureBefore } from './measure-before';
import { type BuildDeps, type OpenBuild, openBuild } from './open-build';
import { startOf } from './unpack';
import { clearWorkFolder } from './work-folder';
import { writeResult } from './write-result';

/** All that follows the first look at the branch, on the ground where the agent works. */
const workOn = async ({ before, plan, ground }: Before): Promise<void> => {
  const { checkout, settings, commands, spec, budget } = plan;
  const end = await doTasks(
    { head: startOf(checkout), spec, settings, testCommand: commands.test },
    { ...ground, budget, renewAgentRepository: (tip) => renewRepository(checkout, tip, ground) },
  );
  // Nothing to show for it: an error of the item. With commits it is a result that says how far it came (decision 7).
  if (end.failure && end.commits.length === 0) throw end.failure.error;
  const { fault, ...finish } = await finishWork({ plan, before, end }, ground);
  const failure = end.failure ?? (fault && { error: fault, task: null });
  await writeResult({ plan, before, ...finish, failure }, ground);
};

const work = async (build: OpenBuild): Promise<void> => {
  const begun = await measureBefore(await makePlan(build), build);
  try {
    await workOn(begun);
  } finally {
    await begun.ground.sandbox.close();
  }
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
