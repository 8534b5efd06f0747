import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Sqs } from '../aws/sqs';
import { sdkMetadata } from './sdk-metadata';
import { serviceFailure, taskFailure, unsupported } from './service-failure';

const schema = z.strictObject({ QueueUrl: z.string(), MessageBody: z.unknown() });
const names = { prefix: 'SQS', service: 'AmazonSQS', unmodelled: 'AmazonSQSException' };

/** `sqs:sendMessage`: a body that is not text is sent as JSON. */
export const sendMessage = (given: unknown, queue: Pick<Sqs, 'send'>): unknown => {
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw unsupported(z.prettifyError(parsed.error));
  const { QueueUrl, MessageBody } = parsed.data;
  try {
    const sent = queue.send(QueueUrl, typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody));
    return {
      MD5OfMessageBody: sent.MD5OfMessageBody,
      MessageId: sent.MessageId,
      ...sdkMetadata(randomUUID(), JSON.stringify(sent), 'application/x-amz-json-1.0'),
    };
  } catch (error) {
    // The one exception whose name Step Functions knows differently from the wire.
    if ((error as Error).name === 'QueueDoesNotExist')
      throw taskFailure('SQS.QueueDoesNotExistException', (error as Error).message);
    throw serviceFailure(error, names);
  }
};
