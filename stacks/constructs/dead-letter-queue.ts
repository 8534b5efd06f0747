import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import { policyDocument, requireTls } from './policy-document';

const FOURTEEN_DAYS = 14 * 24 * 3600;

/** Where failed items and undeliverable ticks wait for a person. It is nobody's redrive target: what lies in it was sent on purpose. */
export class DeadLetterQueue extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { keyArn }: { readonly keyArn: string }) {
    super(scope, id);
    const { names, arns } = environmentStackOf(this);
    const queue = new SqsQueue(this, 'queue', {
      name: names.deadLetterQueue,
      messageRetentionSeconds: FOURTEEN_DAYS,
      kmsMasterKeyId: keyArn,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }),
    });
    new SqsQueuePolicy(this, 'policy', {
      queueUrl: queue.url,
      policy: policyDocument([requireTls(['sqs:*'], [arns.deadLetterQueue])]),
    });
    this.url = queue.url;
  }
}
