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

type Build = {
  readonly step: string;
  readonly comment: string;
  readonly project: string;
  readonly variables?: Variables;
  /** Variables of the execution to set when it has succeeded. */
  readonly assign?: Variables;
  readonly next: string;
};

const build = (resources: PipelineResources, { step, comment, project, variables = {}, assign, next }: Build) => ({
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
  ...(assign ? { Assign: assign } : {}),
  Output: { buildId: expression('$states.result.Build.Id') },
  Next: next,
});

/** The three builds. Only the git project holds a GitHub credential; only the builder runs the repository's code. */
export const buildStates = (resources: PipelineResources) => ({
  Checkout: build(resources, {
    step: 'Checkout',
    comment: 'Fetches the feature branch and checks that branch and spec are there',
    project: resources.gitProject,
    variables: { MODE: 'checkout' },
    next: 'Build',
  }),
  Build: build(resources, {
    step: 'Build',
    comment: 'Agent, tests and coverage on that copy, without any GitHub credential',
    project: resources.builderProject,
    variables: { CREDITS: expression('$string($credits)') },
    assign: { buildId: expression('$states.result.Build.Id') }, // for the dead letter of an agent that failed on the way
    next: 'CoverageGate',
  }),
  Publish: build(resources, {
    step: 'Publish',
    comment: 'Checks the result and pushes it to the feature branch; runs no code of the repository',
    project: resources.gitProject,
    variables: {
      MODE: 'publish',
      VERDICT_KEY: expression('$verdict.verdictKey'),
      VERDICT_VERSION_ID: expression('$verdict.verdictVersionId'),
    },
    next: 'RecordSpending',
  }),
});
