import type { CheckoutResult } from '../../domain/build-result';
import type { RepositorySettings } from '../../domain/repository-settings';
import { showPaths } from '../../domain/show-path';
import { orderSpecTasks } from '../../domain/spec-order';
import { renewAgentRepository } from './agent-repository';
import { type BuildCommands, findCommands } from './default-commands';
import type { OpenBuild } from './open-build';
import { restoreProtectedFiles } from './protected-files';
import { readSettings } from './read-settings';
import { readSpec, type Spec } from './read-spec';
import { createTimeBudget, type TimeBudget } from './time-budget';
import { startOf, unpack } from './unpack';

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
 * as they are on the base branch. @throws ResultMissing, ArtifactMismatch, SettingsInvalid, SpecMissing, SpecInvalid, what Agent.prepare throws
 */
export const makePlan = async (build: OpenBuild): Promise<Plan> => {
  const { env, folder, git, log, now, startedAt } = build;
  const checkout = await unpack(env, { ...build, privateFolder: folder.private });
  const { base, branch, baseBranch, steering } = checkout;
  const head = startOf(checkout);
  log(`unpacked "${branch}" at ${head}; base "${baseBranch}" at ${base}`);
  if (steering) log(`steering ${steering.name} ${steering.release}, sha256:${steering.digest}`);
  const settings = await readSettings({ git });
  const commands = await findCommands(head, settings, { git });
  const spec = await readSpec(head, env.item.specPath, { git });
  for (const { line, title, why } of spec.tasks.leftOut) log(`tasks.md line ${line} is no task (${why}): ${title}`);
  await layOut(head, checkout, build);
  if (orderSpecTasks(spec.tasks).some(({ done, optional }) => !done && !optional)) await build.agent.prepare();
  const testMinutes = settings.test.timeoutMinutes;
  const budget = createTimeBudget({ timeoutMinutes: env.timeoutMinutes, testMinutes }, startedAt, { now });
  return { checkout, settings, commands, spec, budget };
};
