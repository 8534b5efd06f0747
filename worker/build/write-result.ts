import { buildKeys } from '../../domain/artifact-keys';
import { type BuildResult, buildResultSchema } from '../../domain/build-result';
import { countOf } from '../../domain/count-of';
import type { WorkerError } from '../../domain/errors';
import { storeChangedLines } from './changed-lines';
import type { Finish } from './finish-work';
import { gateOf } from './judge-result';
import type { Plan } from './make-plan';
import type { Measurement } from './measure';
import type { OpenBuild } from './open-build';
import { redactStrings } from './redact-strings';
import { storeResultBundle } from './result-bundle';
import { readTaskCommits } from './task-commits';
import { readTestChanges } from './test-changes';
import { traceResult } from './trace-result';

type Facts = Omit<Finish, 'fault'> & {
  readonly plan: Plan;
  readonly before: Measurement;
  readonly failure: { readonly error: WorkerError; readonly task: string | null } | null;
};

/** More than a reviewer reads. */
const MOST_LEFT_OUT = 200;

/** All but the ref that only the builder needs. */
const steeringOf = ({ checkout: { steering } }: Plan): BuildResult['steering'] => {
  if (!steering) return null;
  const { name, release, digest, commit } = steering;
  return { name, release, digest, commit };
};

const compose = async (
  { plan, before, after, end, repairs, failure }: Facts,
  commitOf: ReadonlyMap<string, string>,
  { env, git, sandbox, agent, now, startedAt }: OpenBuild,
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
  tasks: end.outcomes.map((task) =>
    task.state === 'already-done' ? { ...task, commit: commitOf.get(task.id) ?? null } : task,
  ),
  leftOut: plan.spec.tasks.leftOut.slice(0, MOST_LEFT_OUT).map((each) => ({ ...each })),
  requirements: await traceResult(
    { spec: plan.spec, tasks: end.outcomes, commitOf, base: plan.checkout.base, resultHead: end.head },
    { git },
  ),
  tests: { before: before.tests, after: after.tests },
  coverage: { before: before.coverage, after: after.coverage },
  gate: gateOf(plan, env.coverageThreshold),
  repairs,
  fault: failure && {
    code: failure.error.code,
    message: failure.error.message,
    remedy: failure.error.remedy,
    task: failure.task,
  },
  steering: steeringOf(plan),
  protectedPathsChanged: end.protectedPathsChanged,
  testChanges: await readTestChanges(
    { base: plan.checkout.base, resultHead: end.head, testCommand: plan.commands.test },
    { git },
  ),
  isolated: sandbox.isolated,
  agent: agent.report(),
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
  const changes = await storeChangedLines(facts.changes, keys.changedLines, { store, privateFolder: folder.private });
  const commitOf = await readTaskCommits(
    { base: facts.plan.checkout.base, resultHead: facts.end.head, tasks: facts.end.outcomes },
    { git },
  );
  const result = { ...(await compose(facts, commitOf, build)), bundle, changes, logs: await logs.store() };
  const { versionId } = await store.writeText(
    keys.result,
    JSON.stringify(buildResultSchema.parse(redactStrings(result, redact))),
  );
  log(
    `result ${keys.result} (version ${versionId}): ${countOf(facts.end.commits.length, 'commit')}, tests ${facts.after.tests.ending}`,
  );
};
