import { agentArchiveKey } from '../domain/agent-archive';
import type { Environment } from './schema';

/** The stacks of one environment in the order in which they are deployed. */
export const stackKinds = ['core', 'secrets', 'poller', 'codebuild', 'monitoring'] as const;
export type StackKind = (typeof stackKinds)[number];

export const secretNames = ['github-token', 'git-credentials', 'kiro-api-key'] as const;
export type SecretName = (typeof secretNames)[number];

/**
 * Every name of every resource: nothing else in the project forms one.
 * Buckets carry account and region because S3 names are global (docs/decisions/0006).
 */
export const namesOf = ({ name, account, region }: Pick<Environment, 'name' | 'account' | 'region'>) => {
  const prefix = `kiro-worker-${name}`;
  const globally = (what: string) => `${prefix}-${what}-${account}-${region}`;
  return {
    prefix,
    stack: (kind: StackKind) => `${prefix}-${kind}`,
    artifactsBucket: globally('artifacts'),
    releasesBucket: globally('releases'),
    locksTable: `${prefix}-locks`,
    /** The sparse index of the locks table that holds only the rows of held items. */
    heldLocksIndex: 'held',
    ledgerTable: `${prefix}-deployments`,
    keyAlias: `alias/${prefix}`,
    stateMachine: prefix,
    stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${prefix}`,
    liveAlias: 'live',
    itemMapLabel: 'items',
    executionArns: `arn:aws:states:${region}:${account}:execution:${prefix}`,
    task: (task: string) => `${prefix}-${task}`,
    taskLogGroup: (task: string) => `/aws/lambda/${prefix}-${task}`,
    stateMachineLogGroup: `/aws/vendedlogs/states/${prefix}`,
    deadLetterQueue: `${prefix}-dead-letters`,
    gitProject: `${prefix}-git`,
    builderProject: `${prefix}-builder`,
    buildLogGroup: (project: 'git' | 'builder') => `/aws/codebuild/${prefix}-${project}`,
    /** CodeBuild forms it like this itself from the project's name and the name in buildspec.yml (`tests`, `coverage`). */
    reportGroup: (what: 'tests' | 'coverage') => `${prefix}-builder-${what}`,
    taskBundleKey: (sha256: string) => `bundles/${sha256}.zip`,
    /** One key for every release: its versions are pinned (docs/decisions/0010). */
    workerBundleKey: 'bundles/worker.zip',
    /** A pinned agent, by its digest. */
    agentArchiveKey,
    secret: (secret: SecretName) => `${prefix}-${secret}`,
    parameter: (parameter: string) => `/kiro-worker/${name}/${parameter}`,
    boardSettingsParameter: `/kiro-worker/${name}/github-project-config`,
    creditBudgetParameter: `/kiro-worker/${name}/credit-budget`,
    topic: `${prefix}-alerts`,
    scheduleGroup: prefix,
    schedule: `${prefix}-poll`,
    role: (what: string) => `${prefix}-${what}`,
    alarm: (what: string) => `${prefix}-${what}`,
    dashboard: prefix,
  } as const;
};

export type Names = ReturnType<typeof namesOf>;
