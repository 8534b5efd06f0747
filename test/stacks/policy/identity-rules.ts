import type { StackDocument } from '../../support/synthesized-stacks';
import { type Finding, listOf, policiesOf, type Rule, type Statement, statementsOf } from './rule';

/** Actions that IAM lets nobody scope to a resource. */
const WITHOUT_RESOURCE = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
]);

/** Where a `*` inside an ARN is meant, and why. */
const WILDCARDS: readonly (readonly [RegExp, string])[] = [
  [/^arn:aws:lambda:[^*]+:function:[^*]+:\*$/, 'every version: running and rolled-back executions call earlier ones'],
  [/^arn:aws:logs:[^*]+:log-group:[^*]+:\*$/, 'the streams of one log group'],
  [/^arn:aws:states:[^*]+:execution:[^*]+:\*$/, 'the executions of one machine, or of its Map'],
  [/^arn:aws:s3:::[^*]+\/(receipts|verdicts|previews|builds)\/\*$/, 'one prefix of the artifacts bucket'],
  [/^arn:aws:s3:::[^*]+\/builds\/\*\/(checkout|build|publish)\/\*$/, 'one step of every execution'],
];

const rolePolicies = (stack: StackDocument): readonly (readonly [string, readonly Statement[]])[] =>
  Object.entries(stack.resource.aws_iam_role_policy ?? {}).map(([id, { policy }]) => [
    `aws_iam_role_policy.${id}`,
    statementsOf(policy),
  ]);

const eachStatement = (stack: StackDocument, judge: (statement: Statement) => readonly string[]): readonly Finding[] =>
  rolePolicies(stack).flatMap(([resource, statements]) =>
    statements.flatMap((statement) =>
      judge(statement).map((message) => ({ resource, message: `${statement.Sid}: ${message}` })),
    ),
  );

const isPlainResource = (resource: string): boolean =>
  !resource.replace(/\$\{[^}]*\}/g, '').includes('*') || WILDCARDS.some(([pattern]) => pattern.test(resource));

export const identityRules: readonly Rule[] = [
  {
    id: 'IAM-ACTIONS',
    cites: ['CKV_AWS_62', 'CKV_AWS_63', 'CKV2_AWS_40', 'AWS-0057', 'AwsSolutions-IAM5'],
    check: (stack) =>
      eachStatement(stack, ({ Action }) =>
        listOf(Action)
          .filter((action) => action.includes('*'))
          .map((action) => `the action ${action} is a wildcard`),
      ),
  },
  {
    id: 'IAM-RESOURCES',
    cites: ['CKV_AWS_63', 'CKV_AWS_355', 'AWS-0057', 'AwsSolutions-IAM5'],
    check: (stack) =>
      eachStatement(stack, ({ Action, Resource }) =>
        listOf(Resource).flatMap((resource) => {
          if (resource === '*')
            return listOf(Action)
              .filter((action) => !WITHOUT_RESOURCE.has(action))
              .map((action) => `${action} could be scoped to a resource`);
          return isPlainResource(resource) ? [] : [`the resource ${resource} is an undocumented wildcard`];
        }),
      ),
  },
  {
    id: 'IAM-NO-ESCALATION',
    cites: ['CKV_AWS_274', 'CKV_AWS_286', 'CKV_AWS_289', 'CKV2_AWS_56', 'AWS-0342', 'AwsSolutions-IAM4'],
    check: (stack) => [
      ...eachStatement(stack, ({ Action }) =>
        listOf(Action)
          .filter((action) => /^(iam|sts|organizations):|^kms:(Create|Put|Schedule|Disable)/.test(action))
          .map((action) => `${action} can widen permissions`),
      ),
      ...['aws_iam_role_policy_attachment', 'aws_iam_user', 'aws_iam_access_key'].flatMap((type) =>
        Object.keys(stack.resource[type] ?? {}).map((id) => ({
          resource: `${type}.${id}`,
          message: 'managed policies and users have no place here',
        })),
      ),
    ],
  },
  {
    id: 'IAM-KEY-THROUGH-SERVICE',
    cites: ['CKV_AWS_290'],
    check: (stack) =>
      eachStatement(stack, ({ Action, Condition }) => {
        const usesKey = listOf(Action).some((action) => action.startsWith('kms:'));
        const isScoped = Object.values(Condition ?? {}).some((keys) =>
          Object.keys(keys).some((key) => key === 'kms:ViaService' || key.startsWith('kms:EncryptionContext:')),
        );
        return usesKey && !isScoped ? ['uses the key without naming service or encryption context'] : [];
      }),
  },
  {
    id: 'IAM-TRUST',
    cites: ['CKV_AWS_60', 'CKV_AWS_61', 'CKV_AWS_358'],
    check: (stack) =>
      Object.entries(stack.resource.aws_iam_role ?? {}).flatMap(([id, { assume_role_policy }]) =>
        statementsOf(assume_role_policy)
          .filter(({ Principal, Condition }) => {
            const services = typeof Principal === 'object' ? listOf(Principal.Service) : [];
            // Lambda does not say on whose behalf it asks; a function can only be given a role of its own account.
            const isBound = services[0] === 'lambda.amazonaws.com' || Condition?.StringEquals?.['aws:SourceAccount'];
            return services.length !== 1 || Object.keys(Principal ?? {}).length !== 1 || !isBound;
          })
          .map(() => ({
            resource: `aws_iam_role.${id}`,
            message: 'may be taken by more than one service of this account',
          })),
      ),
  },
  {
    id: 'NO-PUBLIC-PRINCIPAL',
    cites: ['CKV_AWS_33', 'CKV_AWS_70', 'CKV_AWS_72', 'CKV_AWS_168', 'CKV_AWS_169', 'CKV_AWS_385', 'AWS-0097'],
    check: (stack) =>
      policiesOf(stack).flatMap(([resource, statements]) =>
        statements
          .filter(
            ({ Effect, Principal }) =>
              Effect === 'Allow' &&
              (Principal === '*' || (typeof Principal === 'object' && listOf(Principal.AWS).includes('*'))),
          )
          .map(({ Sid }) => ({ resource, message: `${Sid} allows everybody` })),
      ),
  },
];
