import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from './aws-error';
import { jsonFile } from './json-file';
import type { JsonService } from './service';

const messageSchema = z.object({
  id: z.string(),
  body: z.string(),
  sentAt: z.number(),
  visibleAt: z.number(),
  receipt: z.string().nullable(),
  received: z.number(),
});
type StoredMessage = z.infer<typeof messageSchema>;
const stateSchema = z.record(z.string(), z.array(messageSchema));

/** SQS limit for a message (1 MiB since August 2025). */
const MAX_BYTES = 1024 * 1024;
const DEFAULT_VISIBILITY_SECONDS = 30;

const sendSchema = z.object({ QueueUrl: z.string(), MessageBody: z.string().min(1) });
const receiveSchema = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().min(0).max(43_200).default(DEFAULT_VISIBILITY_SECONDS),
  WaitTimeSeconds: z.number().optional(),
});
const handleSchema = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string() });
const visibilitySchema = handleSchema.extend({ VisibilityTimeout: z.number().min(0).max(43_200) });
const queueSchema = z.object({ QueueUrl: z.string() });
const nameSchema = z.object({ QueueName: z.string() });

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export type Sqs = JsonService & {
  readonly send: (queueUrl: string, body: string) => { readonly MessageId: string; readonly MD5OfMessageBody: string };
};

/** Standard queues whose messages lie on disk: a dead letter outlives the process. Queues are told apart by the last part of their URL. */
export const createSqs = (options: {
  readonly file: string;
  readonly queues: readonly { readonly name: string; readonly url: string }[];
  readonly now: () => Date;
}): Sqs => {
  const state = jsonFile(options.file, stateSchema, {});
  const queueOf = (url: string): string => {
    const name = url.split('/').at(-1) ?? '';
    if (!options.queues.some((queue) => queue.name === name))
      throw new AwsError('QueueDoesNotExist', `The specified queue ${name} does not exist.`);
    return name;
  };
  const messagesOf = (name: string): readonly StoredMessage[] => state.read()[name] ?? [];
  const put = (name: string, messages: StoredMessage[]) => state.write({ ...state.read(), [name]: messages });
  const time = () => options.now().getTime();

  const send: Sqs['send'] = (queueUrl, body) => {
    const name = queueOf(queueUrl);
    if (Buffer.byteLength(body) > MAX_BYTES)
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_BYTES} bytes.`,
      );
    const message = { id: randomUUID(), body, sentAt: time(), visibleAt: time(), receipt: null, received: 0 };
    put(name, [...messagesOf(name), message]);
    return { MessageId: message.id, MD5OfMessageBody: md5(body) };
  };

  const receive = (input: z.infer<typeof receiveSchema>) => {
    const name = queueOf(input.QueueUrl);
    const now = time();
    const taken = messagesOf(name)
      .filter(({ visibleAt }) => visibleAt <= now)
      .slice(0, input.MaxNumberOfMessages)
      .map((message) => ({
        ...message,
        receipt: randomUUID(),
        visibleAt: now + input.VisibilityTimeout * 1000,
        received: message.received + 1,
      }));
    if (taken.length === 0) return {};
    const byId = new Map(taken.map((message) => [message.id, message]));
    put(
      name,
      messagesOf(name).map((message) => byId.get(message.id) ?? message),
    );
    return {
      Messages: taken.map(({ id, body, receipt, sentAt, received }) => ({
        MessageId: id,
        ReceiptHandle: receipt,
        MD5OfBody: md5(body),
        Body: body,
        Attributes: { SentTimestamp: String(sentAt), ApproximateReceiveCount: String(received) },
      })),
    };
  };

  const findByReceipt = (name: string, receipt: string): StoredMessage | undefined =>
    messagesOf(name).find((message) => message.receipt === receipt);

  const operations: Readonly<Record<string, (input: unknown) => unknown>> = {
    SendMessage: (input) => {
      const { QueueUrl, MessageBody } = sendSchema.parse(input);
      return send(QueueUrl, MessageBody);
    },
    ReceiveMessage: (input) => receive(receiveSchema.parse(input)),
    DeleteMessage: (input) => {
      const { QueueUrl, ReceiptHandle } = handleSchema.parse(input);
      const name = queueOf(QueueUrl);
      put(
        name,
        messagesOf(name).filter(({ receipt }) => receipt !== ReceiptHandle),
      );
      return {};
    },
    ChangeMessageVisibility: (input) => {
      const { QueueUrl, ReceiptHandle, VisibilityTimeout } = visibilitySchema.parse(input);
      const name = queueOf(QueueUrl);
      const found = findByReceipt(name, ReceiptHandle);
      if (!found) throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
      const changed = { ...found, visibleAt: time() + VisibilityTimeout * 1000 };
      put(
        name,
        messagesOf(name).map((message) => (message.id === found.id ? changed : message)),
      );
      return {};
    },
    GetQueueUrl: (input) => {
      const { QueueName } = nameSchema.parse(input);
      const queue = options.queues.find(({ name }) => name === QueueName);
      if (!queue) throw new AwsError('QueueDoesNotExist', `The specified queue ${QueueName} does not exist.`);
      return { QueueUrl: queue.url };
    },
    GetQueueAttributes: (input) => {
      const messages = messagesOf(queueOf(queueSchema.parse(input).QueueUrl));
      const visible = messages.filter(({ visibleAt }) => visibleAt <= time()).length;
      return {
        Attributes: {
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(messages.length - visible),
        },
      };
    },
    PurgeQueue: (input) => {
      put(queueOf(queueSchema.parse(input).QueueUrl), []);
      return {};
    },
  };
  return {
    targetPrefix: 'AmazonSQS',
    contentType: 'application/x-amz-json-1.0',
    handle: async (operation, input) => {
      const run = operations[operation];
      if (!run) throw new AwsError('UnknownOperationException', `sqs has no ${operation} here.`);
      return run(input);
    },
    send,
  };
};
