import type { CheckoutResult } from '../../domain/build-result';
import type { RepositorySettings } from '../../domain/repository-settings';
import { showPaths } from '../../domain/show-path';
import { renewAgentRepository } from './agent-repository';
import { type BuildCommands, findCommands } from './default-commands';
import type { OpenBuild } from './open-build';
import { restoreProtectedFiles } from './protected-files';
import { readSettings } from './read-settings';
import { readSpec, type Spec } from './read-spec';
import { createTimeBudget, type TimeBudget } from './time-budget';
import { unpack } from './unpack';

/** All that is known before anything of the repository runs. */
export type Plan = {
  readonly checkout: CheckoutResult;
  readonly settings: RepositorySettings;
  readonly commands: BuildCommands;
  readonly spec: Spec;
  readonly budget: TimeBudget;
};

/** Puts the files of `tip` into the empty work tree, the protected ones as they are on the base branch, and the disposable repository beside them. */
export const layOut = async (tip: string, checkout: CheckoutResult, build: OpenBuild): Promise<void> => {
  await build.workTree.checkOut(tip);
  const restored = await restoreProtectedFiles(build);
  if (restored.length > 0) build.log(`taken from the base branch: ${showPaths(restored)}`);
  await renewRepository(checkout, tip, build);
};

/** Makes the agent's disposable repository anew, as if freshly cloned at `tip`. */
export const renewRepository = (
  { branch, baseBranch, base }: CheckoutResult,
  tip: string,
  build: OpenBuild,
): Promise<void> => renewAgentRepository({ branch, head: tip, baseBranch, base }, build);

/**
 * Fetches the work and reads everything that can be wrong with it, so that it fails before it costs anything; then puts the files in their place, the protected ones
 * as they are on the base branch. @throws ResultMissing, ArtifactMismatch, SettingsInvalid, SpecMissing, SpecInvalid
 */
export const makePlan = async (build: OpenBuild): Promise<Plan> => {
  const { env, folder, git, log, now, startedAt } = build;
  const checkout = await unpack(env, { ...build, privateFolder: folder.private });
  const { head, base, branch, baseBranch } = checkout;
  log(`unpacked "${branch}" at ${head}; base "${baseBranch}" at ${base}`);
  const settings = await readSettings({ git });
  const commands = await findCommands(head, settings, { git });
  const spec = await readSpec(head, env.item.specPath, { git });
  await layOut(head, checkout, build);
  const testMinutes = settings.test.timeoutMinutes;
  const budget = createTimeBudget({ timeoutMinutes: env.timeoutMinutes, testMinutes }, startedAt, { now });
  return { checkout, settings, commands, spec, budget };
};
