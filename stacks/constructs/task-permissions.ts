import type { Names } from '../../config/naming';
import type { Environment } from '../../config/schema';
import type { TaskContract, TaskNeed } from '../../lambdas/_kit/contract';
import type { Arns } from '../arns';
import { type KeyUse, keyStatements } from './key-use';
import { allow, type Statement } from './policy-document';

export type TaskWorld = {
  readonly names: Names;
  readonly arns: Arns;
  readonly environment: Environment;
  readonly keyArn: string;
  readonly githubTokenSecretArn: string;
};

type Grant = { readonly statements: readonly Statement[]; readonly key: readonly KeyUse[] };

const writeBelow =
  (prefix: string, Sid: string) =>
  ({ arns }: TaskWorld): Grant => ({
    statements: [allow(Sid, ['s3:PutObject'], [`${arns.artifacts}/${prefix}/*`])],
    key: [{ service: 's3', actions: ['kms:GenerateDataKey'] }],
  });

/** What each need is worth: the calls that the adapters behind it make, on the resource that they make them on. */
const grants: Readonly<Record<TaskNeed, (world: TaskWorld) => Grant>> = {
  'locks:read-write': ({ arns }) => ({
    statements: [
      allow('ReadAndWriteLocks', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [arns.locksTable]),
      allow('QueryHeldLocks', ['dynamodb:Query'], [arns.heldLocksIndex]),
    ],
    key: [{ service: 'dynamodb', actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'] }],
  }),
  'artifacts:read': ({ arns }) => ({
    statements: [
      allow(
        'ReadArtifacts',
        ['s3:GetObject', 's3:GetObjectVersion'],
        [`${arns.artifacts}/builds/*`, `${arns.artifacts}/verdicts/*`],
      ),
      // Without it S3 says "denied" where it should say "not there", and a missing result is a verdict of its own.
      allow('TellAbsentFromDenied', ['s3:ListBucket'], [arns.artifacts]),
    ],
    key: [{ service: 's3', actions: ['kms:Decrypt'] }],
  }),
  'artifacts:write-receipts': writeBelow('receipts', 'WriteReceipts'),
  'artifacts:write-verdicts': writeBelow('verdicts', 'WriteVerdicts'),
  'artifacts:write-previews': writeBelow('previews', 'WritePreviews'),
  'board-settings': ({ arns }) => ({
    statements: [allow('ReadBoardSettings', ['ssm:GetParameter'], [arns.boardSettings])],
    key: [],
  }),
  'credit-budget': ({ arns }) => ({
    statements: [allow('ReadCreditBudget', ['ssm:GetParameter'], [arns.creditBudget])],
    key: [],
  }),
  'github-token': ({ githubTokenSecretArn }) => ({
    statements: [allow('ReadGithubToken', ['secretsmanager:GetSecretValue'], [githubTokenSecretArn])],
    key: [{ service: 'secretsmanager', actions: ['kms:Decrypt'] }],
  }),
  'dead-letter-queue:send': ({ arns }) => ({
    statements: [allow('SendDeadLetters', ['sqs:SendMessage'], [arns.deadLetterQueue])],
    key: [{ service: 'sqs', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }],
  }),
  'executions:describe': ({ arns, keyArn }) => ({
    statements: [
      allow('AskWhetherOwnersLive', ['states:DescribeExecution'], [arns.executions, arns.itemExecutions]),
      allow('ReadEncryptedExecutions', ['kms:Decrypt'], [keyArn], {
        StringLike: {
          'kms:EncryptionContext:aws:states:stateMachineArn': [arns.stateMachine, `${arns.stateMachine}/*`],
        },
      }),
    ],
    key: [],
  }),
};

/** What every function needs to run at all: its own log, traces (which have no resource), its own encrypted variables. */
const running = (contract: TaskContract, { names, arns, keyArn }: TaskWorld): readonly Statement[] => [
  allow(
    'WriteOwnLog',
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    [`${arns.logGroup(names.taskLogGroup(contract.name))}:*`],
  ),
  allow('SendTraces', ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']),
  allow('ReadOwnVariables', ['kms:Decrypt'], [keyArn], {
    StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': arns.task(contract.name) },
  }),
];

/** The policy of a task's role, from its contract's needs and nothing else. */
export const taskPermissions = (contract: TaskContract, world: TaskWorld): readonly Statement[] => {
  const granted = contract.needs.map((need) => grants[need](world));
  return [
    ...running(contract, world),
    ...granted.flatMap(({ statements }) => statements),
    ...keyStatements(
      granted.flatMap(({ key }) => key),
      world.keyArn,
      world.environment.region,
    ),
  ];
};
