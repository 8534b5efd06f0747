import type { Names } from '../../config/naming';
import type { Environment } from '../../config/schema';
import type { Arns } from '../arns';
import type { Conditions, Statement } from './policy-document';

const forService = (
  Sid: string,
  service: string,
  actions: readonly string[],
  Condition: Conditions | null,
): Statement => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: service },
  Action: actions,
  Resource: ['*'], // in a key's policy: this key
  ...(Condition ? { Condition } : {}),
});

/** Who may use the key: the account by way of its roles' policies, and the services that encrypt on nobody's behalf. */
export const keyPolicy = (names: Names, arns: Arns, { account, region }: Environment): readonly Statement[] => {
  const logGroups = [
    names.taskLogGroup('*'),
    names.stateMachineLogGroup,
    names.buildLogGroup('git'),
    names.buildLogGroup('builder'),
  ];
  const fromThisAccount: Conditions = { StringEquals: { 'aws:SourceAccount': account } };
  return [
    {
      Sid: 'AdministeredByTheAccount',
      Effect: 'Allow',
      Principal: { AWS: arns.account },
      Action: ['kms:*'],
      Resource: ['*'],
    },
    forService(
      'LogGroups',
      `logs.${region}.amazonaws.com`,
      ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups.map(arns.logGroup) } },
    ),
    forService('StateMachineLogs', 'delivery.logs.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey'], {
      StringLike: { 'kms:EncryptionContext:SourceArn': arns.everyLog },
    }),
    // Without it alarms deploy cleanly and notify nobody.
    forService('AlarmsToTopic', 'cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey*'], fromThisAccount),
    // EventBridge gives no source here: a condition would drop its events without a word.
    forService('EventsToTopic', 'events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey*'], null),
  ];
};
