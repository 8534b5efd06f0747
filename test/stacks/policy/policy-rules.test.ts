import { expect } from 'chai';
import { everyStack, type Resource, type StackDocument } from '../../support/synthesized-stacks';
import { computeRules } from './compute-rules';
import { identityRules } from './identity-rules';
import { storageRules } from './storage-rules';

const rules = [...identityRules, ...storageRules, ...computeRules];

const stackWith = (type: string, resource: Resource): StackDocument => ({
  data: {},
  output: {},
  provider: { aws: [] },
  terraform: {},
  resource: { [type]: { thing: resource } },
});
const statement = (parts: object): Resource => ({
  policy: JSON.stringify({ Statement: [{ Sid: 'One', Effect: 'Allow', ...parts }] }),
});
const ofRole = (parts: object) => stackWith('aws_iam_role_policy', statement(parts));
const trust = (parts: object) =>
  stackWith('aws_iam_role', {
    assume_role_policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...parts }] }),
  });

/** For every rule, stacks that break it. */
const violations: Readonly<Record<string, readonly StackDocument[]>> = {
  'IAM-ACTIONS': [ofRole({ Action: ['s3:*'], Resource: ['arn:aws:s3:::b'] }), ofRole({ Action: '*', Resource: 'x' })],
  'IAM-RESOURCES': [
    ofRole({ Action: ['s3:GetObject'], Resource: ['*'] }),
    ofRole({ Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::bucket/*'] }),
  ],
  'IAM-NO-ESCALATION': [
    ofRole({ Action: ['iam:PassRole'], Resource: ['arn:aws:iam::1:role/x'] }),
    stackWith('aws_iam_role_policy_attachment', {}),
  ],
  'IAM-KEY-THROUGH-SERVICE': [ofRole({ Action: ['kms:Decrypt'], Resource: ['key'] })],
  'IAM-TRUST': [
    trust({ Principal: { AWS: 'arn:aws:iam::1:root' } }),
    trust({ Principal: { Service: 'codebuild.amazonaws.com' } }),
    trust({ Principal: { Service: ['a', 'b'] }, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }),
  ],
  'NO-PUBLIC-PRINCIPAL': [
    stackWith('aws_sqs_queue_policy', statement({ Principal: '*', Action: 'sqs:SendMessage' })),
    stackWith('aws_s3_bucket_policy', statement({ Principal: { AWS: '*' }, Action: 's3:GetObject' })),
  ],
  ...Object.fromEntries(
    ['PRIVATE', 'NO-ACL', 'VERSIONS', 'ENCRYPTED', 'TLS', 'LIFECYCLE'].map((what) => [
      `S3-${what}`,
      [stackWith('aws_s3_bucket', { bucket: 'b' })],
    ]),
  ),
  'DYNAMODB-SAFE': [stackWith('aws_dynamodb_table', { name: 't' })],
  'SQS-SAFE': [stackWith('aws_sqs_queue', { name: 'q' })],
  'SNS-SAFE': [stackWith('aws_sns_topic', { name: 't' })],
  'KMS-ROTATES': [stackWith('aws_kms_key', { policy: '{}' })],
  'SECRETS-ENCRYPTED': [stackWith('aws_secretsmanager_secret', { name: 's' })],
  'SECRETS-HAVE-NO-VALUE': [stackWith('aws_secretsmanager_secret_version', { secret_string: 'x' })],
  'LAMBDA-SAFE': [stackWith('aws_lambda_function', { runtime: 'nodejs18.x' })],
  'NO-SECRET-VARIABLES': [
    stackWith('aws_lambda_function', { environment: { variables: { TOKEN: 'ghp_0123456789abcdef' } } }),
    stackWith('aws_codebuild_project', { environment: { environment_variable: [{ value: 'ksk_0123456789' }] } }),
  ],
  'LAMBDA-NOT-PUBLIC': [stackWith('aws_lambda_permission', {}), stackWith('aws_lambda_function_url', {})],
  'CODEBUILD-SAFE': [stackWith('aws_codebuild_project', { environment: { privileged_mode: true } })],
  'STEP-FUNCTIONS-SAFE': [stackWith('aws_sfn_state_machine', { name: 'm' })],
  'SCHEDULE-ENCRYPTED': [stackWith('aws_scheduler_schedule', { name: 's' })],
  'LOGS-KEPT-AND-ENCRYPTED': [stackWith('aws_cloudwatch_log_group', { retention_in_days: 1 })],
  'ALARMS-ACT': [stackWith('aws_cloudwatch_metric_alarm', { actions_enabled: true, alarm_actions: [] })],
};

describe('policy rules', () => {
  for (const rule of rules) {
    it(`${rule.id} holds in every stack (${rule.cites.join(', ')})`, () => {
      for (const [name, stack] of everyStack()) expect(rule.check(stack), name).to.deep.equal([]);
    });

    it(`${rule.id} finds what breaks it`, () => {
      const broken = violations[rule.id] ?? [];
      expect(broken).to.not.have.length(0);
      for (const stack of broken) expect(rule.check(stack)).to.not.have.length(0);
    });
  }
});
