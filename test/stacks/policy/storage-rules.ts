import { at, each, eachWith, isEnvironmentKey, type Rule, type Statement, statementsOf } from './rule';

const denies = (policy: unknown, holds: (statement: Statement) => boolean): boolean =>
  statementsOf(policy).some(
    (statement) => statement.Effect === 'Deny' && statement.Principal === '*' && holds(statement),
  );

const refusesPlainText = ({ policy }: { readonly policy?: unknown }): boolean =>
  denies(policy, ({ Condition }) => Condition?.Bool?.['aws:SecureTransport'] === 'false');

export const storageRules: readonly Rule[] = [
  {
    id: 'S3-PRIVATE',
    cites: ['CKV_AWS_53', 'CKV_AWS_54', 'CKV_AWS_55', 'CKV_AWS_56', 'CKV2_AWS_6', 'AWS-0086', 'AWS-0094'],
    check: eachWith(
      'aws_s3_bucket',
      'aws_s3_bucket_public_access_block',
      'does not block all public access',
      'bucket',
      (block) =>
        ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].every(
          (name) => block[name] === true,
        ),
    ),
  },
  {
    id: 'S3-NO-ACL',
    cites: ['CKV_AWS_20', 'CKV_AWS_57', 'CKV2_AWS_65', 'AWS-0092'],
    check: eachWith(
      'aws_s3_bucket',
      'aws_s3_bucket_ownership_controls',
      'has ACLs',
      'bucket',
      (controls) => at(controls, 'rule', 'object_ownership') === 'BucketOwnerEnforced',
    ),
  },
  {
    id: 'S3-VERSIONS',
    cites: ['CKV_AWS_21', 'AWS-0090'],
    check: eachWith(
      'aws_s3_bucket',
      'aws_s3_bucket_versioning',
      'keeps no versions',
      'bucket',
      (versions) => at(versions, 'versioning_configuration', 'status') === 'Enabled',
    ),
  },
  {
    id: 'S3-ENCRYPTED',
    cites: ['CKV_AWS_19', 'CKV_AWS_145', 'AWS-0088', 'AWS-0132'],
    check: eachWith(
      'aws_s3_bucket',
      'aws_s3_bucket_server_side_encryption_configuration',
      "is not encrypted with the environment's key",
      'bucket',
      (encryption) =>
        at(encryption, 'rule', 'bucket_key_enabled') === true &&
        isEnvironmentKey(at(encryption, 'rule', 'apply_server_side_encryption_by_default', 'kms_master_key_id')),
    ),
  },
  {
    id: 'S3-TLS',
    cites: ['CKV_AWS_379', 'AwsSolutions-S10'],
    check: eachWith(
      'aws_s3_bucket',
      'aws_s3_bucket_policy',
      'can be reached without TLS 1.2',
      'bucket',
      ({ policy }) =>
        refusesPlainText({ policy }) &&
        denies(policy, ({ Condition }) => Condition?.NumericLessThan?.['s3:TlsVersion'] === '1.2'),
    ),
  },
  {
    id: 'S3-LIFECYCLE',
    cites: ['CKV_AWS_300', 'CKV2_AWS_61'],
    check: eachWith(
      'aws_s3_bucket',
      'aws_s3_bucket_lifecycle_configuration',
      'keeps abandoned uploads',
      'bucket',
      ({ rule }) => (rule as unknown[]).some((one) => at(one, 'abort_incomplete_multipart_upload') !== undefined),
    ),
  },
  {
    id: 'DYNAMODB-SAFE',
    cites: ['CKV_AWS_28', 'CKV_AWS_119', 'AWS-0024', 'AWS-0025', 'AwsSolutions-DDB3'],
    check: each(
      'aws_dynamodb_table',
      "is not restorable, or not encrypted with the environment's key",
      (table) =>
        at(table, 'point_in_time_recovery', 'enabled') === true &&
        isEnvironmentKey(at(table, 'server_side_encryption', 'kms_key_arn')),
    ),
  },
  {
    id: 'SQS-SAFE',
    cites: ['CKV_AWS_27', 'CKV2_AWS_73', 'AWS-0096', 'AWS-0135', 'AwsSolutions-SQS2', 'AwsSolutions-SQS4'],
    check: (stack) => [
      ...each('aws_sqs_queue', "is not encrypted with the environment's key", ({ kms_master_key_id }) =>
        isEnvironmentKey(kms_master_key_id),
      )(stack),
      ...eachWith(
        'aws_sqs_queue',
        'aws_sqs_queue_policy',
        'can be reached without TLS',
        'queue_url',
        refusesPlainText,
      )(stack),
    ],
  },
  {
    id: 'SNS-SAFE',
    cites: ['CKV_AWS_26', 'AWS-0095', 'AWS-0136', 'AwsSolutions-SNS3'],
    check: (stack) => [
      ...each('aws_sns_topic', "is not encrypted with the environment's key", ({ kms_master_key_id }) =>
        isEnvironmentKey(kms_master_key_id),
      )(stack),
      ...eachWith(
        'aws_sns_topic',
        'aws_sns_topic_policy',
        'can be reached without TLS',
        'arn',
        refusesPlainText,
      )(stack),
    ],
  },
  {
    id: 'KMS-ROTATES',
    cites: ['CKV_AWS_7', 'CKV_AWS_227', 'CKV2_AWS_64', 'AWS-0065', 'AwsSolutions-KMS5'],
    check: each(
      'aws_kms_key',
      'does not rotate, or has no policy of its own',
      ({ enable_key_rotation, policy }) => enable_key_rotation === true && typeof policy === 'string',
    ),
  },
  {
    id: 'SECRETS-ENCRYPTED',
    cites: ['CKV_AWS_149', 'AWS-0098'],
    check: each('aws_secretsmanager_secret', "is not encrypted with the environment's key", ({ kms_key_id }) =>
      isEnvironmentKey(kms_key_id),
    ),
  },
  {
    id: 'SECRETS-HAVE-NO-VALUE',
    cites: ['CKV_SECRET_6'],
    check: each('aws_secretsmanager_secret_version', 'would put a secret into Terraform state', () => false),
  },
];
