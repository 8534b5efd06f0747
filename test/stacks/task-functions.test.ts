import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { namesOf } from '../../config/naming';
import type { Environment } from '../../config/schema';
import { baseVariables, needVariables, type TaskContract, type TaskNeed } from '../../lambdas/_kit/contract';
import { taskContracts } from '../../lambdas/registry';
import {
  onlyResource,
  type Resource,
  resourcesOf,
  someBundles,
  synthesizedStacks,
} from '../support/synthesized-stacks';
import { listOf, statementsOf } from './policy/rule';

const poller = (environment: Environment) => synthesizedStacks().stack(environment, 'poller');

const functionOf = (environment: Environment, { name }: TaskContract): Resource => {
  const found = resourcesOf(poller(environment), 'aws_lambda_function').filter(
    ([, { function_name }]) => function_name === namesOf(environment).task(name),
  );
  expect(found, name).to.have.length(1);
  return (found[0] as readonly [string, Resource])[1];
};

const variablesOf = (lambda: Resource): Record<string, string> =>
  (lambda.environment as { variables: Record<string, string> }).variables;

/** `action resource` of every permission but the use of the key, as the role of a function has them. */
const permissionsOf = (environment: Environment, { name }: TaskContract): readonly string[] => {
  const role = `\${aws_iam_role.${name}_role_`;
  const policies = resourcesOf(poller(environment), 'aws_iam_role_policy').filter(([, policy]) =>
    String(policy.role).startsWith(role),
  );
  expect(policies, name).to.have.length(1);
  return policies
    .flatMap(([, { policy }]) => statementsOf(policy))
    .flatMap(({ Action, Resource: resources }) =>
      listOf(Action)
        .filter((action) => !action.startsWith('kms:'))
        .flatMap((action) => listOf(resources).map((resource) => `${action} ${resource}`)),
    )
    .sort();
};

/** Written down a second time, on purpose: what a need may do is decided here, not where it is built. */
const expectedPermissions = (environment: Environment, contract: TaskContract): readonly string[] => {
  const { account, region } = environment;
  const names = namesOf(environment);
  const artifacts = `arn:aws:s3:::${names.artifactsBucket}`;
  const table = `arn:aws:dynamodb:${region}:${account}:table/${names.locksTable}`;
  const execution = `arn:aws:states:${region}:${account}:execution:${names.stateMachine}`;
  const ofNeed: Record<TaskNeed, readonly string[]> = {
    'locks:read-write': [
      `dynamodb:GetItem ${table}`,
      `dynamodb:UpdateItem ${table}`,
      `dynamodb:Query ${table}/index/held`,
    ],
    'artifacts:read': [
      `s3:GetObject ${artifacts}/builds/*`,
      `s3:GetObject ${artifacts}/verdicts/*`,
      `s3:GetObjectVersion ${artifacts}/builds/*`,
      `s3:GetObjectVersion ${artifacts}/verdicts/*`,
      `s3:ListBucket ${artifacts}`,
    ],
    'artifacts:write-receipts': [`s3:PutObject ${artifacts}/receipts/*`],
    'artifacts:write-verdicts': [`s3:PutObject ${artifacts}/verdicts/*`],
    'artifacts:write-previews': [`s3:PutObject ${artifacts}/previews/*`],
    'board-settings': [`ssm:GetParameter arn:aws:ssm:${region}:${account}:parameter${names.boardSettingsParameter}`],
    'credit-budget': [`ssm:GetParameter arn:aws:ssm:${region}:${account}:parameter${names.creditBudgetParameter}`],
    'github-token': [
      'secretsmanager:GetSecretValue ${data.terraform_remote_state.secrets.outputs.github_token_secret_arn}',
    ],
    'dead-letter-queue:send': [`sqs:SendMessage arn:aws:sqs:${region}:${account}:${names.deadLetterQueue}`],
    'executions:describe': [`states:DescribeExecution ${execution}:*`, `states:DescribeExecution ${execution}/items:*`],
  };
  const log = `arn:aws:logs:${region}:${account}:log-group:${names.taskLogGroup(contract.name)}:*`;
  const everybody = [
    `logs:CreateLogStream ${log}`,
    `logs:PutLogEvents ${log}`,
    'xray:PutTraceSegments *',
    'xray:PutTelemetryRecords *',
  ];
  return [...everybody, ...contract.needs.flatMap((need) => ofNeed[need])].sort();
};

describe('the functions of the tasks', () => {
  for (const environment of loadEnvironments()) {
    it(`are exactly those of the registry in ${environment.name}`, () => {
      expect(resourcesOf(poller(environment), 'aws_lambda_function')).to.have.length(taskContracts.length);
      for (const contract of taskContracts)
        expect(functionOf(environment, contract), contract.name).to.include({
          runtime: 'nodejs24.x',
          handler: 'index.handler',
          publish: true,
          timeout: contract.timeoutSeconds,
          memory_size: contract.memoryMegabytes,
        });
    });

    it(`may do exactly what their contracts need in ${environment.name}`, () => {
      for (const contract of taskContracts)
        expect(permissionsOf(environment, contract), contract.name).to.deep.equal(
          expectedPermissions(environment, contract),
        );
    });

    it(`get exactly the variables that their contracts need in ${environment.name}`, () => {
      for (const contract of taskContracts) {
        const needed = contract.needs.map((need) => needVariables[need]).filter((variable) => variable !== null);
        const variables = variablesOf(functionOf(environment, contract));
        expect(Object.keys(variables).sort(), contract.name).to.deep.equal(
          [...new Set([...baseVariables, ...needed])].sort(),
        );
        expect(variables, contract.name).to.include({
          ENVIRONMENT: environment.name,
          RELEASE: synthesizedStacks().release.id,
          COVERAGE_THRESHOLD: String(environment.coverageThreshold),
        });
        for (const [name, value] of Object.entries(variables)) expect(value, name).to.be.a('string').and.not.equal('');
      }
    });
  }

  it('are invoked by the version that this release publishes', () => {
    for (const environment of loadEnvironments()) {
      const { definition } = onlyResource(poller(environment), 'aws_sfn_state_machine');
      const called = [...String(definition).matchAll(/"FunctionName":"([^"]+)"/g)].map(([, arn]) => arn);
      expect(called.length).to.be.at.least(taskContracts.length);
      for (const arn of called) expect(arn).to.match(/^\$\{aws_lambda_function\.[\w-]+\.qualified_arn\}$/);
    }
  });

  it('are uploaded under their digest, from a path that holds wherever Terraform is started', () => {
    const { bundles } = someBundles();
    for (const environment of loadEnvironments())
      for (const { name } of taskContracts) {
        const bundle = bundles[name];
        const uploads = resourcesOf(poller(environment), 'aws_s3_object').filter(
          ([, { source }]) => source === `../../../build/bundles/${name}.zip`,
        );
        expect(uploads, name).to.have.length(1);
        expect(uploads[0]?.[1], name).to.include({
          bucket: namesOf(environment).releasesBucket,
          key: `bundles/${bundle?.sha256}.zip`,
        });
      }
  });

  it('refuse a plan whose bundle is not the synthesized one', () => {
    const { bundles } = someBundles();
    for (const environment of loadEnvironments())
      for (const [id, { source, lifecycle }] of resourcesOf(poller(environment), 'aws_s3_object')) {
        const name = String(source).slice('../../../build/bundles/'.length, -'.zip'.length);
        expect(lifecycle, id).to.have.nested.property(
          'precondition[0].condition',
          `\${filesha256("${source}") == "${bundles[name]?.sha256}"}`,
        );
      }
  });
});
