import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { SchedulerScheduleGroup } from '@cdktf/provider-aws/lib/scheduler-schedule-group';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import { keyStatements } from './key-use';
import { allow } from './policy-document';
import { ServiceRole } from './service-role';

type Options = { readonly liveAliasArn: string; readonly keyArn: string };

const RETRIES = 2;

const rate = (minutes: number): string => `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`;

/**
 * Starts the alias `live` every few minutes. Created disabled: secrets and board settings have no values yet. After that state and interval belong to the
 * release controller, so an apply never undoes a pause. A tick that cannot be delivered before the next one is due goes to the dead-letter queue.
 */
export class PollSchedule extends Construct {
  readonly group: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { liveAliasArn, keyArn }: Options) {
    super(scope, id);
    const { names, arns, environment } = environmentStackOf(this);
    const role = new ServiceRole(this, 'role', {
      what: 'scheduler',
      service: 'scheduler.amazonaws.com',
      sourceArns: [arns.scheduleGroup],
      statements: [
        // Starting an alias is authorised on the machine; the condition keeps every other version out.
        allow('StartLive', ['states:StartExecution'], [arns.stateMachine], {
          'ForAnyValue:StringEquals': { 'states:StateMachineQualifier': names.liveAlias },
        }),
        allow('KeepLostTicks', ['sqs:SendMessage'], [arns.deadLetterQueue]),
        allow('ReadOwnSchedule', ['kms:Decrypt'], [keyArn], {
          StringEquals: { 'kms:EncryptionContext:aws:scheduler:schedule:arn': arns.schedule },
        }),
        allow('StartEncryptedExecutions', ['kms:Decrypt', 'kms:GenerateDataKey'], [keyArn], {
          StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': arns.stateMachine },
        }),
        ...keyStatements(
          [{ service: 'sqs', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }],
          keyArn,
          environment.region,
        ),
      ],
    });
    const group = new SchedulerScheduleGroup(this, 'group', { name: names.scheduleGroup });
    const schedule = new SchedulerSchedule(this, 'schedule', {
      name: names.schedule,
      groupName: group.name,
      description: 'Looks at the board',
      state: 'DISABLED',
      scheduleExpression: rate(environment.pollIntervalMinutes),
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: keyArn,
      target: {
        arn: liveAliasArn,
        roleArn: role.arn,
        input: '{}',
        deadLetterConfig: { arn: arns.deadLetterQueue },
        retryPolicy: {
          maximumEventAgeInSeconds: environment.pollIntervalMinutes * 60,
          maximumRetryAttempts: RETRIES,
        },
      },
      lifecycle: { ignoreChanges: ['state', 'schedule_expression'] },
      dependsOn: [role.policy],
    });
    this.group = group.name;
    this.name = schedule.name;
  }
}
