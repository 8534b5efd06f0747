import { at, each, isEnvironmentKey, type Rule } from './rule';

/** Supported by AWS for longer than the next year. */
const RUNTIMES = ['nodejs22.x', 'nodejs24.x'];
const LOOKS_SECRET = /^(gh[pousr]_|github_pat_|ksk_|AKIA|ASIA)|-----BEGIN/;

export const computeRules: readonly Rule[] = [
  {
    id: 'LAMBDA-SAFE',
    cites: ['CKV_AWS_50', 'CKV_AWS_173', 'CKV_AWS_363', 'AWS-0066', 'AwsSolutions-L1'],
    check: each(
      'aws_lambda_function',
      "has no traces, an old runtime, or variables that are not encrypted with the environment's key",
      (lambda) =>
        at(lambda, 'tracing_config', 'mode') === 'Active' &&
        RUNTIMES.includes(String(lambda.runtime)) &&
        isEnvironmentKey(lambda.kms_key_arn),
    ),
  },
  {
    id: 'NO-SECRET-VARIABLES',
    cites: ['CKV_AWS_45', 'CKV_AWS_46'],
    check: (stack) => [
      ...each('aws_lambda_function', 'has a secret in a variable', (lambda) =>
        Object.values((at(lambda, 'environment', 'variables') ?? {}) as object).every(
          (value) => !LOOKS_SECRET.test(String(value)),
        ),
      )(stack),
      ...each('aws_codebuild_project', 'has a secret in a variable', (project) =>
        ((at(project, 'environment', 'environment_variable') ?? []) as { value: string }[]).every(
          ({ value }) => !LOOKS_SECRET.test(value),
        ),
      )(stack),
    ],
  },
  {
    id: 'LAMBDA-NOT-PUBLIC',
    cites: ['CKV_AWS_301', 'CKV_AWS_258', 'CKV_AWS_364', 'AWS-0067'],
    check: (stack) => [
      ...each('aws_lambda_permission', 'lets somebody outside call a task', () => false)(stack),
      ...each('aws_lambda_function_url', 'puts a task on the internet', () => false)(stack),
    ],
  },
  {
    id: 'CODEBUILD-SAFE',
    cites: ['CKV_AWS_147', 'CKV_AWS_314', 'CKV_AWS_316', 'AWS-0018', 'AwsSolutions-CB3', 'AwsSolutions-CB4'],
    check: each(
      'aws_codebuild_project',
      "is privileged, writes no log, or is not encrypted with the environment's key",
      (project) =>
        at(project, 'environment', 'privileged_mode') === false &&
        at(project, 'logs_config', 'cloudwatch_logs', 'status') === 'ENABLED' &&
        isEnvironmentKey(project.encryption_key),
    ),
  },
  {
    id: 'STEP-FUNCTIONS-SAFE',
    cites: ['CKV_AWS_284', 'AwsSolutions-SF1', 'AwsSolutions-SF2'],
    check: each(
      'aws_sfn_state_machine',
      "is not traced, not logged, logs what travels in state, or is not encrypted with the environment's key",
      (machine) =>
        at(machine, 'tracing_configuration', 'enabled') === true &&
        at(machine, 'logging_configuration', 'level') === 'ALL' &&
        at(machine, 'logging_configuration', 'include_execution_data') === false &&
        isEnvironmentKey(at(machine, 'encryption_configuration', 'kms_key_id')),
    ),
  },
  {
    id: 'SCHEDULE-ENCRYPTED',
    cites: ['CKV_AWS_297'],
    check: each('aws_scheduler_schedule', "is not encrypted with the environment's key", ({ kms_key_arn }) =>
      isEnvironmentKey(kms_key_arn),
    ),
  },
  {
    id: 'LOGS-KEPT-AND-ENCRYPTED',
    cites: ['CKV_AWS_66', 'CKV_AWS_158', 'AWS-0017'],
    check: each(
      'aws_cloudwatch_log_group',
      "is kept for ever, or is not encrypted with the environment's key",
      ({ retention_in_days, kms_key_id }) => Number(retention_in_days) >= 30 && isEnvironmentKey(kms_key_id),
    ),
  },
  {
    id: 'ALARMS-ACT',
    cites: ['CKV_AWS_319'],
    check: each(
      'aws_cloudwatch_metric_alarm',
      'tells nobody',
      ({ actions_enabled, alarm_actions }) => actions_enabled === true && (alarm_actions as unknown[]).length > 0,
    ),
  },
];
