import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import { policyDocument, requireTls } from './policy-document';

/** Where alarms go, and the people who hear of them (each confirms the subscription by mail once). */
export class AlertTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { keyArn }: { readonly keyArn: string }) {
    super(scope, id);
    const { names, arns, environment } = environmentStackOf(this);
    const topic = new SnsTopic(this, 'topic', { name: names.topic, kmsMasterKeyId: keyArn });
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policyDocument([
        {
          Sid: 'AlarmsOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['sns:Publish'],
          Resource: [arns.topic],
          Condition: { StringEquals: { 'aws:SourceAccount': environment.account } },
        },
        requireTls(['sns:Publish'], [arns.topic]),
      ]),
    });
    for (const endpoint of environment.alarmEmails)
      new SnsTopicSubscription(this, `email-${endpoint.replace(/[^A-Za-z0-9]/g, '-')}`, {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint,
      });
    this.arn = topic.arn;
  }
}
