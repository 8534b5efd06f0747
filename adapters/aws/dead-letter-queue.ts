import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, deadLetterSchema, UNKNOWN_STEP } from '../../domain/dead-letter';
import { translateAwsError } from './translate-aws-error';

export type DeadLetterQueue = {
  readonly send: (letter: DeadLetter) => Promise<void>;
  /**
   * Each dead letter once, oldest first. The messages stay in the queue; whoever looks at the same moment may see fewer, because a message
   * is hidden for up to 30 s while it is looked at.
   */
  readonly list: () => Promise<readonly DeadLetter[]>;
  /** Removes every message of the dead letter, also those that were sent twice. */
  readonly remove: (id: string) => Promise<void>;
};

const BATCH = 10;
/** Long enough to look through a full queue, short enough that a crash hides nothing for long. */
const LOOK_SECONDS = 30;

const parseLetter = ({ Body }: Message): DeadLetter | null => {
  try {
    return deadLetterSchema.parse(JSON.parse(Body ?? ''));
  } catch {
    return null; // not ours: the scheduler's undeliverable ticks lie in the same queue
  }
};

export const sqsDeadLetterQueue = (
  { queueUrl }: { readonly queueUrl: string },
  { client }: { readonly client: Pick<SQSClient, 'send'> },
): DeadLetterQueue => {
  const receiveAll = async (): Promise<readonly Message[]> => {
    const seen = new Map<string, Message>();
    for (;;) {
      const { Messages = [] } = await client
        .send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: BATCH,
            VisibilityTimeout: LOOK_SECONDS,
            WaitTimeSeconds: 1,
          }),
        )
        .catch((error: unknown) => {
          throw translateAwsError(error, 'read the dead-letter queue');
        });
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      for (const message of fresh) seen.set(message.MessageId ?? '', message);
      if (fresh.length === 0) return [...seen.values()];
    }
  };
  const giveBack = async (messages: readonly Message[]): Promise<void> => {
    for (const { ReceiptHandle } of messages)
      await client
        .send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
        .catch(() => undefined); // it becomes visible again by itself after LOOK_SECONDS
  };

  return {
    send: async (letter) => {
      try {
        await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
      } catch (error) {
        throw translateAwsError(error, 'send to the dead-letter queue');
      }
    },
    list: async () => {
      const messages = await receiveAll();
      await giveBack(messages);
      const letters = messages.flatMap((message) => parseLetter(message) ?? []);
      // Of two letters about the same execution, its own says more than that of whoever found it dead.
      const inOrder = [...letters].sort((a, b) => Number(b.step === UNKNOWN_STEP) - Number(a.step === UNKNOWN_STEP));
      const once = [...new Map(inOrder.map((letter) => [letter.id, letter])).values()];
      return once.sort((a, b) => Date.parse(a.failedAt) - Date.parse(b.failedAt));
    },
    remove: async (id) => {
      const messages = await receiveAll();
      const isOurs = (message: Message) => parseLetter(message)?.id === id;
      await giveBack(messages.filter((message) => !isOurs(message)));
      for (const { ReceiptHandle } of messages.filter(isOurs)) {
        try {
          await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        } catch (error) {
          throw translateAwsError(error, 'remove from the dead-letter queue');
        }
      }
    },
  };
};
