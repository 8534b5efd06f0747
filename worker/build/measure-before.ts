import { hasCode } from '../../domain/errors';
import { isProtectedPath } from '../../domain/protected-paths';
import { findInstall } from './default-commands';
import { layOut, type Plan } from './make-plan';
import { type Measurement, notMeasured } from './measure';
import { installAll, measureNow } from './measure-result';
import { type OpenBuild, renewGround } from './open-build';
import { readChanges } from './tree-changes';
import { startOf } from './unpack';

/** What is known before the agent begins, and the ground on which it begins: the branch's files lie there, installed. */
export type Before = { readonly before: Measurement; readonly plan: Plan; readonly ground: OpenBuild };

/** Installs what lies in the work tree, and keeps as much time for the last installation. */
const installFirst = async (plan: Plan, build: OpenBuild): Promise<Plan> => {
  const { settings, commands, budget } = plan;
  const wanted = budget.forWork(settings.install.timeoutMinutes * 60);
  const took = await installAll({ command: commands.install, seconds: wanted, logName: 'install.log' }, build);
  return { ...plan, budget: budget.afterInstall(took) };
};

/** Where the branch left the base, if it has anything since that tests could notice: not specs, and not what is taken from the base branch anyway. */
const readOtherBase = async ({ checkout }: Plan, { git }: OpenBuild): Promise<string | null> => {
  const start = startOf(checkout);
  const from = (await git.run(['merge-base', checkout.base, start])).trim();
  const changes = await readChanges(from, start, { git });
  return changes.some(({ path }) => !path.startsWith('.kiro/') && !isProtectedPath(path)) ? from : null;
};

/** The base is not ours to mend: that it cannot be installed leaves nothing to compare with, and stops nothing. */
const measureBase = async (base: string, plan: Plan, build: OpenBuild): Promise<Measurement> => {
  const { settings, commands, budget, checkout } = plan;
  try {
    await layOut(base, checkout, build);
    const command = await findInstall(base, settings, build);
    const seconds = budget.forWork(settings.install.timeoutMinutes * 60);
    await installAll({ command, seconds, logName: 'install-base.log' }, build);
    return await measureNow('before', base, plan, build);
  } catch (error) {
    if (!hasCode(error, 'InstallFailed', 'BuildTimedOut', 'SettingsInvalid')) throw error;
    build.log(`the base cannot be measured: ${(error as Error).message}`);
    return notMeasured(commands.test, settings.coverage.reports);
  }
};

/**
 * Tests and coverage of the base: of the commit where the branch left it. A branch that has commits of its own, such as those of an earlier run, would be compared with
 * itself otherwise, and a loss that was refused once would be gone in the next run. A branch with nothing but its spec is measured where it stands.
 */
export const measureBefore = async (plan: Plan, build: OpenBuild): Promise<Before> => {
  const start = startOf(plan.checkout);
  const base = await readOtherBase(plan, build);
  if (base === null) {
    const installed = await installFirst(plan, build);
    return { before: await measureNow('before', start, installed, build), plan: installed, ground: build };
  }
  build.log(`the branch has changes of its own: before is ${base}, where it left the base`);
  let ground = await renewGround(build);
  try {
    const before = await measureBase(base, plan, ground);
    ground = await renewGround(ground);
    await layOut(start, plan.checkout, ground);
    return { before, plan: await installFirst(plan, ground), ground };
  } catch (error) {
    await ground.sandbox.close();
    throw error;
  }
};
