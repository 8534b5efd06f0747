import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from './aws-error';
import { openMessageBox, type StoredMessage } from './message-box';
import { serviceOf } from './operations';
import type { JsonService } from './service';

/** SQS limit for a message (1 MiB since August 2025). */
const MAX_BYTES = 1024 * 1024;

const queue = { QueueUrl: z.string() };
const handle = { ...queue, ReceiptHandle: z.string() };
const seconds = z.number().min(0).max(43_200);
const names = z.array(z.string()).optional();
// Members that are not listed would change what an operation means: they are refused.
const schemas = {
  send: z.strictObject({ ...queue, MessageBody: z.string().min(1) }),
  receive: z.strictObject({
    ...queue,
    MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
    VisibilityTimeout: seconds.optional(),
    WaitTimeSeconds: z.number().min(0).max(20).optional(),
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
  }),
  delete: z.strictObject(handle),
  visibility: z.strictObject({ ...handle, VisibilityTimeout: seconds }),
  queue: z.object(queue),
  name: z.object({ QueueName: z.string() }),
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export type Sqs = JsonService & {
  readonly send: (queueUrl: string, body: string) => { readonly MessageId: string; readonly MD5OfMessageBody: string };
};

export type SqsOptions = {
  readonly file: string;
  readonly queues: readonly { readonly name: string; readonly url: string; readonly visibilitySeconds: number }[];
  readonly now: () => Date;
};

const onTheWire = ({ id, body, receipt, sentAt, received }: StoredMessage) => ({
  MessageId: id,
  ReceiptHandle: receipt,
  MD5OfBody: md5(body),
  Body: body,
  Attributes: { SentTimestamp: String(sentAt), ApproximateReceiveCount: String(received) },
});

const checkSize = (body: string): void => {
  if (Buffer.byteLength(body) > MAX_BYTES)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_BYTES} bytes.`,
    );
};

/** Standard queues whose messages lie on disk: a dead letter outlives the process. Queues are told apart by the last part of their URL. */
export const createSqs = ({ file, queues, now }: SqsOptions): Sqs => {
  const box = openMessageBox(file, now);
  const queueNamed = (name: string) => {
    const found = queues.find((candidate) => candidate.name === name);
    if (!found) throw new AwsError('QueueDoesNotExist', `The specified queue ${name} does not exist.`);
    return found;
  };
  const queueOf = ({ QueueUrl }: { readonly QueueUrl: string }) => queueNamed(QueueUrl.split('/').at(-1) ?? '');

  const send: Sqs['send'] = (QueueUrl, body) => {
    const { name } = queueOf({ QueueUrl });
    checkSize(body);
    return { MessageId: box.add(name, body).id, MD5OfMessageBody: md5(body) };
  };

  const service = serviceOf(
    'sqs',
    { targetPrefix: 'AmazonSQS', contentType: 'application/x-amz-json-1.0' },
    {
      SendMessage: (input) => {
        const { QueueUrl, MessageBody } = schemas.send.parse(input);
        return send(QueueUrl, MessageBody);
      },
      ReceiveMessage: (input) => {
        const read = schemas.receive.parse(input);
        const { name, visibilitySeconds } = queueOf(read);
        const hiddenMs = (read.VisibilityTimeout ?? visibilitySeconds) * 1000;
        const lent = box.lend(name, read.MaxNumberOfMessages, hiddenMs);
        return lent.length > 0 ? { Messages: lent.map(onTheWire) } : {};
      },
      DeleteMessage: (input) => {
        const read = schemas.delete.parse(input);
        box.remove(queueOf(read).name, read.ReceiptHandle);
      },
      ChangeMessageVisibility: (input) => {
        const read = schemas.visibility.parse(input);
        if (!box.hide(queueOf(read).name, read.ReceiptHandle, read.VisibilityTimeout * 1000))
          throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
      },
      GetQueueUrl: (input) => ({ QueueUrl: queueNamed(schemas.name.parse(input).QueueName).url }),
      GetQueueAttributes: (input) => {
        const { visible, hidden } = box.count(queueOf(schemas.queue.parse(input)).name);
        return {
          Attributes: {
            ApproximateNumberOfMessages: String(visible),
            ApproximateNumberOfMessagesNotVisible: String(hidden),
          },
        };
      },
      PurgeQueue: (input) => box.empty(queueOf(schemas.queue.parse(input)).name),
    },
  );
  return { ...service, send };
};
