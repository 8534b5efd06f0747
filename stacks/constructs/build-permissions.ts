import type { EnvironmentStack } from '../environment-stack';
import { keyStatements } from './key-use';
import { allow, type Statement } from './policy-document';

export type BuildWorld = Pick<EnvironmentStack, 'names' | 'arns' | 'environment'> & { readonly keyArn: string };

/** What both projects need: the worker's zip (docs/decisions/0009), a log, and to tell an absent artifact from a denied one. */
const shared = (project: 'git' | 'builder', { names, arns }: BuildWorld): readonly Statement[] => [
  allow('ReadWorker', ['s3:GetObject', 's3:GetObjectVersion'], [`${arns.releases}/${names.workerBundleKey}`]),
  allow('LocateWorker', ['s3:GetBucketAcl', 's3:GetBucketLocation'], [arns.releases]),
  allow(
    'WriteOwnLog',
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    [`${arns.logGroup(names.buildLogGroup(project))}:*`],
  ),
  allow('TellAbsentFromDenied', ['s3:ListBucket'], [arns.artifacts]),
];

const read = ['s3:GetObject', 's3:GetObjectVersion'] as const;
const s3Key = { service: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] } as const;

/** The broker: the only build that reads a GitHub credential, and it runs no code of a repository. */
export const gitPermissions = (world: BuildWorld, gitCredentialsSecretArn: string): readonly Statement[] => {
  const { arns, keyArn, environment } = world;
  const { steering } = environment;
  return [
    ...shared('git', world),
    ...(steering?.kind === 's3' ? [allow('ReadSteering', read, [`${arns.releases}/${steering.prefix}/*`])] : []),
    allow('ReadArtifacts', read, [`${arns.artifacts}/builds/*`, `${arns.artifacts}/verdicts/*`]),
    allow(
      'WriteCheckoutAndPublish',
      ['s3:PutObject'],
      [`${arns.artifacts}/builds/*/checkout/*`, `${arns.artifacts}/builds/*/publish/*`],
    ),
    allow('CheckFence', ['dynamodb:GetItem'], [arns.locksTable]),
    allow('ReadGitCredentials', ['secretsmanager:GetSecretValue'], [gitCredentialsSecretArn]),
    ...keyStatements(
      [
        s3Key,
        { service: 'dynamodb', actions: ['kms:Decrypt', 'kms:DescribeKey'] },
        { service: 'secretsmanager', actions: ['kms:Decrypt'] },
      ],
      keyArn,
      environment.region,
    ),
  ];
};

/** The pinned agent, if there is one, and no other (docs/decisions/0020). */
const readAgent = ({ environment: { agent }, names, arns }: BuildWorld): readonly Statement[] =>
  agent.kind === 'kiro-cli' && agent.sha256
    ? [allow('ReadPinnedAgent', read, [`${arns.releases}/${names.agentArchiveKey(agent.sha256)}`])]
    : [];

/** The builder: runs the agent and the repository's code, so it has no GitHub credential, no lock, and writes nothing but its own results. */
export const builderPermissions = (world: BuildWorld, kiroApiKeySecretArn: string): readonly Statement[] => {
  const { arns, keyArn, environment } = world;
  return [
    ...shared('builder', world),
    ...readAgent(world),
    allow('ReadCheckout', read, [`${arns.artifacts}/builds/*/checkout/*`]),
    allow('WriteResults', ['s3:PutObject'], [`${arns.artifacts}/builds/*/build/*`]),
    allow(
      'WriteReports',
      [
        'codebuild:CreateReport',
        'codebuild:UpdateReport',
        'codebuild:BatchPutTestCases',
        'codebuild:BatchPutCodeCoverages',
      ],
      [arns.reportGroup('tests'), arns.reportGroup('coverage')],
    ),
    allow('ReadKiroApiKey', ['secretsmanager:GetSecretValue'], [kiroApiKeySecretArn]),
    ...keyStatements([s3Key, { service: 'secretsmanager', actions: ['kms:Decrypt'] }], keyArn, environment.region),
  ];
};
