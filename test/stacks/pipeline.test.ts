import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { namesOf } from '../../config/naming';
import { boardSettingsSchema } from '../../domain/board-settings';
import { defaultCreditBudget, parseCreditBudget } from '../../domain/credit-budget';
import {
  everyStack,
  onlyResource,
  type Resource,
  resourcesOf,
  synthesizedStacks,
  synthesizeNow,
} from '../support/synthesized-stacks';
import { listOf, type Statement, statementsOf } from './policy/rule';

const environments = loadEnvironments();
const poller = (index: number) =>
  synthesizedStacks().stack(environments[index] as (typeof environments)[number], 'poller');
const everyPoller = environments.map((environment, index) => [environment, poller(index)] as const);

const ignored = (resource: Resource): unknown => (resource.lifecycle as { ignore_changes: unknown }).ignore_changes;

describe('the state machine', () => {
  it('publishes a version per release that can never be replaced by accident in production', () => {
    for (const [{ deletionProtection, name }, stack] of everyPoller) {
      const machine = onlyResource(stack, 'aws_sfn_state_machine');
      expect(machine, name).to.include({ publish: true, type: 'STANDARD' });
      expect(machine.lifecycle, name).to.deep.equal({ prevent_destroy: deletionProtection });
    }
  });

  it('carries its release in its comment, so that a new release is a new version', () => {
    for (const [{ name }, stack] of everyPoller) {
      const { Comment } = JSON.parse(String(onlyResource(stack, 'aws_sfn_state_machine').definition));
      expect(Comment, name).to.include(`release ${synthesizedStacks().release.id}`);
    }
  });

  it('pins the worker that its builds run, by object version: applying a later release does not take it away', () => {
    for (const [environment, stack] of everyPoller) {
      const { definition } = onlyResource(stack, 'aws_sfn_state_machine');
      const sources = [...String(definition).matchAll(/"SourceLocationOverride":"([^"]+)","SourceVersion":"([^"]+)"/g)];
      expect(sources).to.have.length(3);
      for (const [, location, version] of sources) {
        expect(location).to.equal(`${namesOf(environment).releasesBucket}/bundles/worker.zip`);
        expect(version).to.match(/^\$\{aws_s3_object\.worker_object_\w+\.version_id\}$/);
      }
    }
  });
});

describe('the alias live', () => {
  it('exists with the first version and is never moved by Terraform afterwards', () => {
    for (const [{ name }, stack] of everyPoller) {
      const alias = onlyResource(stack, 'aws_sfn_alias');
      expect(alias.name, name).to.equal('live');
      expect(ignored(alias), name).to.deep.equal(['routing_configuration']);
    }
  });
});

describe('the schedule', () => {
  it('starts the alias, at the interval of its environment', () => {
    for (const [{ name, pollIntervalMinutes }, stack] of everyPoller) {
      const { target, schedule_expression: interval } = onlyResource(stack, 'aws_scheduler_schedule') as Resource & {
        target?: Resource;
      };
      expect(interval, name).to.equal(`rate(${pollIntervalMinutes} minutes)`);
      expect(target?.arn, name).to.match(/^\$\{aws_sfn_alias\.[\w-]+\.arn\}$/);
      expect(target?.input, name).to.equal('{}');
    }
  });

  it('speaks of one minute in the singular, as AWS demands', () => {
    const everyMinute = environments.map((environment) => ({ ...environment, pollIntervalMinutes: 1 }));
    const stack = synthesizeNow(everyMinute).stack(everyMinute[0] as (typeof everyMinute)[number], 'poller');
    expect(onlyResource(stack, 'aws_scheduler_schedule').schedule_expression).to.equal('rate(1 minute)');
  });

  it('is created disabled, and neither a pause nor a changed interval is undone by Terraform', () => {
    for (const [{ name }, stack] of everyPoller) {
      const schedule = onlyResource(stack, 'aws_scheduler_schedule');
      expect(schedule.state, name).to.equal('DISABLED');
      expect(ignored(schedule), name).to.deep.equal(['state', 'schedule_expression']);
    }
  });

  it('gives a tick up when the next one is due and keeps it in the dead-letter queue', () => {
    for (const [environment, stack] of everyPoller) {
      const { target } = onlyResource(stack, 'aws_scheduler_schedule') as { target?: Resource };
      expect(target?.retry_policy).to.deep.include({
        maximum_event_age_in_seconds: environment.pollIntervalMinutes * 60,
      });
      expect(JSON.stringify(target?.dead_letter_config)).to.include(namesOf(environment).deadLetterQueue);
    }
  });

  it('may start the alias and no other version', () => {
    for (const [environment, stack] of everyPoller) {
      const [, { policy }] = resourcesOf(stack, 'aws_iam_role_policy').find(([id]) => id.startsWith('schedule')) ?? [
        '',
        {} as Resource,
      ];
      const starts = statementsOf(policy).filter(({ Action }) => listOf(Action).includes('states:StartExecution'));
      expect(starts.map(({ Resource: resources, Condition }: Statement) => [resources, Condition])).to.deep.equal([
        [
          [namesOf(environment).stateMachineArn],
          { 'ForAnyValue:StringEquals': { 'states:StateMachineQualifier': 'live' } },
        ],
      ]);
    }
  });
});

describe('the dead-letter queue', () => {
  it('keeps messages for fourteen days and is no queue’s redrive target', () => {
    for (const [{ name }, stack] of everyPoller)
      expect(onlyResource(stack, 'aws_sqs_queue'), name).to.include({
        message_retention_seconds: 1_209_600,
        redrive_allow_policy: '{"redrivePermission":"denyAll"}',
      });
  });
});

describe('the locks table', () => {
  it('has the sparse index that the locks adapter queries', () => {
    for (const environment of environments) {
      const tables = resourcesOf(synthesizedStacks().stack(environment, 'core'), 'aws_dynamodb_table');
      const locks = tables.find(([, { name }]) => name === namesOf(environment).locksTable)?.[1];
      expect(locks).to.deep.include({ hash_key: 'pk', billing_mode: 'PAY_PER_REQUEST' });
      expect(locks?.global_secondary_index).to.deep.equal([
        { name: 'held', hash_key: 'held', range_key: 'pk', projection_type: 'ALL' },
      ]);
    }
  });
});

describe('secrets and settings', () => {
  it('are three containers without a value', () => {
    for (const environment of environments) {
      const stack = synthesizedStacks().stack(environment, 'secrets');
      const secrets = resourcesOf(stack, 'aws_secretsmanager_secret').map(([, { name }]) => name);
      expect(secrets.sort()).to.deep.equal(
        ['git-credentials', 'github-token', 'kiro-api-key'].map((name) => `kiro-worker-${environment.name}-${name}`),
      );
    }
    for (const [name, stack] of everyStack())
      expect(resourcesOf(stack, 'aws_secretsmanager_secret_version'), name).to.deep.equal([]);
  });

  it('start with board settings and a budget that are valid, and Terraform never sets them back', () => {
    for (const environment of environments) {
      const parameters = resourcesOf(synthesizedStacks().stack(environment, 'secrets'), 'aws_ssm_parameter');
      const of = (name: string) => parameters.map(([, parameter]) => parameter).find((one) => one.name === name) ?? {};
      const names = namesOf(environment);
      expect(parameters).to.have.length(2);
      const board = of(names.boardSettingsParameter);
      expect(boardSettingsSchema.safeParse(JSON.parse(String(board.value))).success).to.equal(true);
      const budget = of(names.creditBudgetParameter);
      expect(parseCreditBudget(String(budget.value), 'x')).to.deep.equal(defaultCreditBudget);
      for (const parameter of [board, budget]) expect(ignored(parameter)).to.deep.equal(['value']);
    }
  });
});
