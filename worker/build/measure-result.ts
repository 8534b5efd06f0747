import { buildKeys } from '../../domain/artifact-keys';
import { hasCode, type WorkerError } from '../../domain/errors';
import { defaultTestReports } from '../../domain/repository-settings';
import { findInstall } from './default-commands';
import { install } from './install';
import { layOut, type Plan } from './make-plan';
import { type Measurement, measure, notMeasured } from './measure';
import { type OpenBuild, renewGround } from './open-build';
import { restoreProtectedFiles } from './protected-files';

type Installation = { readonly command: string | null; readonly seconds: number; readonly logName: string };

/** Gives the seconds that it took. */
export const installAll = async ({ command, seconds, logName }: Installation, build: OpenBuild): Promise<number> => {
  if (command !== null) return install({ command, timeoutSeconds: seconds, logName }, build);
  build.log('nothing to install');
  return 0;
};

/** Tests and coverage of `commit`, which lies in the work tree. Tests that fail in the end are run once more, if there is time and the repository wants it. */
export const measureNow = async (
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
  const input = {
    when,
    commit,
    command: commands.test,
    places: settings.coverage.reports,
    testReports: settings.test.reports ?? defaultTestReports,
    timeoutSeconds,
  };
  const secondsForRetry = (took: number): number => {
    if (when === 'before' || !settings.test.retry) return 0;
    const seconds = budget.forLastTests(wanted);
    return seconds > took ? seconds : 0;
  };
  const prepareRetry = async () => {
    await restoreProtectedFiles(build);
  };
  const measurement = await measure(input, { ...build, coverageKey, secondsForRetry, prepareRetry });
  build.log(`tests ${when}: ${measurement.tests.ending}; coverage report: ${measurement.coverage.kind}`);
  return measurement;
};

/** `fault`: why nothing could be measured. */
export type MeasuredResult = {
  readonly after: Measurement;
  readonly fault: WorkerError | null;
  /** Where it was measured, as it was left. */
  readonly ground: OpenBuild;
};

/**
 * Tests and coverage of what was committed, in a fresh clone of it: what an agent has left anywhere else has no part in them.
 * The ground that it is given must not be used again.
 */
export const measureAfresh = async (head: string, plan: Plan, build: OpenBuild): Promise<MeasuredResult> => {
  const { settings, commands, budget } = plan;
  const ground = await renewGround(build);
  try {
    await layOut(head, plan.checkout, ground);
    const command = await findInstall(head, settings, build);
    const seconds = budget.forLastInstall(settings.install.timeoutMinutes * 60);
    await installAll({ command, seconds, logName: 'install-after.log' }, ground);
    return { after: await measureNow('after', head, plan, ground), fault: null, ground };
  } catch (error) {
    if (!hasCode(error, 'InstallFailed', 'BuildTimedOut', 'SettingsInvalid')) {
      await ground.sandbox.close();
      throw error;
    }
    return { after: notMeasured(commands.test, settings.coverage.reports), fault: error as WorkerError, ground };
  }
};
