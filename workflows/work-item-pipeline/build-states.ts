import { catchFailure } from '../invoke-task';
import { expression } from '../jsonata';
import { buildRetries } from '../retry-rules';
import type { PipelineResources } from './pipeline-resources';

type Variables = Readonly<Record<string, string>>;

/** What every build of an item is told; the programs check it (worker/env.ts). */
const itemVariables: Variables = {
  WORK_ITEM: expression('$string($item)'),
  LEASE: expression('$string($lease)'),
  BRANCH_NAME: expression('$item.branch'),
  SPEC_PATH: expression('$item.specPath'),
  ARTIFACTS_PREFIX: expression('"builds/" & $states.context.Execution.Name'),
  DRY_RUN: expression('$string($dryRun)'),
};

const build = (
  resources: PipelineResources,
  project: string,
  step: string,
  variables: Variables,
  comment: string,
  next: string,
) => ({
  Type: 'Task',
  Comment: comment,
  Resource: 'arn:aws:states:::codebuild:startBuild.sync',
  Arguments: {
    ProjectName: project,
    SourceTypeOverride: 'S3',
    SourceLocationOverride: resources.workerSource,
    SourceVersion: resources.workerSourceVersion,
    EnvironmentVariablesOverride: Object.entries({
      ENVIRONMENT: resources.environment,
      RELEASE: resources.release,
      ...itemVariables,
      ...variables,
    }).map(([Name, Value]) => ({ Name, Value, Type: 'PLAINTEXT' })),
  },
  TimeoutSeconds: (resources.buildTimeoutMinutes + resources.queuedTimeoutMinutes) * 60 + 300,
  Retry: buildRetries,
  Catch: catchFailure(step, 'SendToDeadLetterQueue'),
  Assign: { buildId: expression('$states.result.Build.Id') },
  Output: { buildId: expression('$states.result.Build.Id') },
  Next: next,
});

/** The three builds. Only the git project holds a GitHub credential; only the builder runs the repository's code. */
export const buildStates = (resources: PipelineResources) => ({
  Checkout: build(
    resources,
    resources.gitProject,
    'Checkout',
    { MODE: 'checkout' },
    'Fetches the feature branch and checks that branch and spec are there',
    'Build',
  ),
  Build: build(
    resources,
    resources.builderProject,
    'Build',
    {},
    'Agent, tests and coverage on that copy, without any GitHub credential',
    'CoverageGate',
  ),
  Publish: build(
    resources,
    resources.gitProject,
    'Publish',
    {
      MODE: 'publish',
      VERDICT_KEY: expression('$verdict.verdictKey'),
      VERDICT_VERSION_ID: expression('$verdict.verdictVersionId'),
    },
    'Checks the result and pushes it to the feature branch; runs no code of the repository',
    'UpdatePullRequest',
  ),
});
