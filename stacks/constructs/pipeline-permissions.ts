import type { EnvironmentStack } from '../environment-stack';
import { keyStatements } from './key-use';
import { allow, type Statement } from './policy-document';

const ownContext = 'kms:EncryptionContext:aws:states:stateMachineArn';

/** What the state machine may do: call its tasks (in every version, for executions that still run an earlier one), build, dead-letter, start its children. */
export const pipelinePermissions = (
  { names, arns, environment }: Pick<EnvironmentStack, 'names' | 'arns' | 'environment'>,
  tasks: readonly string[],
  keyArn: string,
): readonly Statement[] => [
  allow(
    'CallTasks',
    ['lambda:InvokeFunction'],
    tasks.map((task) => `${arns.task(task)}:*`),
  ),
  allow(
    'RunBuilds',
    ['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds'],
    [arns.project('git'), arns.project('builder')],
  ),
  allow('ReadReports', ['codebuild:BatchGetReports'], [arns.reportGroup('tests'), arns.reportGroup('coverage')]),
  allow('HearOfEndedBuilds', ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], [arns.buildEventsRule]),
  allow('SendDeadLetters', ['sqs:SendMessage'], [arns.deadLetterQueue]),
  allow('StartItems', ['states:StartExecution'], [names.stateMachineArn]),
  allow('FollowItems', ['states:DescribeExecution', 'states:StopExecution'], [arns.executions, arns.itemExecutions]),
  allow('RedriveItems', ['states:RedriveExecution'], [arns.itemExecutions]),
  // Neither log delivery nor tracing has resources in IAM.
  allow(
    'DeliverLogs',
    [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    ['*'],
  ),
  allow(
    'SendTraces',
    ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    ['*'],
  ),
  allow('EncryptOwnExecutions', ['kms:Decrypt', 'kms:GenerateDataKey'], [keyArn], {
    StringLike: { [ownContext]: [arns.stateMachine, `${arns.stateMachine}/*`] },
  }),
  allow('EncryptOwnLog', ['kms:GenerateDataKey'], [keyArn], {
    StringLike: { 'kms:EncryptionContext:SourceArn': arns.everyLog },
  }),
  ...keyStatements([{ service: 'sqs', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }], keyArn, environment.region),
];
