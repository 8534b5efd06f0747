import { buildKeys } from '../../domain/artifact-keys';
import { type BuildResult, buildResultSchema } from '../../domain/build-result';
import type { WorkerError } from '../../domain/errors';
import type { TasksEnd } from './do-tasks';
import type { Plan } from './make-plan';
import type { Measurement } from './measure';
import type { OpenBuild } from './open-build';
import { redactStrings } from './redact-strings';
import { storeResultBundle } from './result-bundle';
import { readTestChanges } from './test-changes';

type Facts = {
  readonly plan: Plan;
  readonly before: Measurement;
  readonly after: Measurement;
  readonly end: TasksEnd;
  readonly failure: { readonly error: WorkerError; readonly task: string | null } | null;
};

/** The higher of what the environment and the repository ask for. */
const gateOf = ({ settings: { gate } }: Plan, floor: number): BuildResult['gate'] => ({
  lines: Math.max(floor, gate.lines),
  branches: Math.max(floor, gate.branches),
  functions: Math.max(floor, gate.functions),
  statements: Math.max(floor, gate.statements),
  maxDrop: gate.maxDrop,
});

const compose = async (
  { plan, before, after, end, failure }: Facts,
  { env, git, sandbox, now, startedAt }: OpenBuild,
) => ({
  version: 1 as const,
  environment: env.environment,
  release: env.release,
  buildId: env.buildId,
  itemId: env.item.itemId,
  fence: env.lease.fence,
  branch: env.item.branch,
  specPath: env.item.specPath,
  base: plan.checkout.base,
  head: plan.checkout.head,
  resultHead: end.head,
  commits: end.commits,
  tasks: end.outcomes,
  tests: { before: before.tests, after: after.tests },
  coverage: { before: before.coverage, after: after.coverage },
  gate: gateOf(plan, env.coverageThreshold),
  fault: failure && {
    code: failure.error.code,
    message: failure.error.message,
    remedy: failure.error.remedy,
    task: failure.task,
  },
  protectedPathsChanged: end.protectedPathsChanged,
  testChanges: await readTestChanges(
    { base: plan.checkout.base, resultHead: end.head, testCommand: plan.commands.test },
    { git },
  ),
  isolated: sandbox.isolated,
  startedAt: startedAt.toISOString(),
  endedAt: now().toISOString(),
});

/** Stores bundle and logs, and then the result that names them. */
export const writeResult = async (facts: Facts, build: OpenBuild): Promise<void> => {
  const { env, folder, git, store, logs, redact, log } = build;
  const keys = buildKeys(env.artifactsPrefix);
  const { head } = facts.plan.checkout;
  const place = { key: keys.bundle, head, resultHead: facts.end.head, privateFolder: folder.private };
  const bundle = await storeResultBundle(place, { git, store });
  const result = { ...(await compose(facts, build)), bundle, logs: await logs.store() };
  const { versionId } = await store.writeText(
    keys.result,
    JSON.stringify(buildResultSchema.parse(redactStrings(result, redact))),
  );
  log(
    `result ${keys.result} (version ${versionId}): ${facts.end.commits.length} commits, tests ${facts.after.tests.ending}`,
  );
};
