import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { jsonFile } from './json-file';

const messageSchema = z.object({
  id: z.string(),
  body: z.string(),
  sentAt: z.number(),
  visibleAt: z.number(),
  receipt: z.string().nullable(),
  received: z.number(),
});
export type StoredMessage = z.infer<typeof messageSchema>;

/** A queue that has had a message keeps its name, so an object without any was not written here. */
const boxSchema = z
  .record(z.string(), z.array(messageSchema))
  .refine((queues) => Object.keys(queues).length > 0, 'There is no queue in it.');

/** The messages of all queues, oldest first, on disk. Moments are milliseconds since 1970. */
export type MessageBox = {
  readonly add: (queue: string, body: string) => StoredMessage;
  /** Lends up to `most` visible messages: each is hidden from everybody else for `hiddenMs`. */
  readonly lend: (queue: string, most: number, hiddenMs: number) => readonly StoredMessage[];
  /** False when the receipt is not that of the last lending. */
  readonly hide: (queue: string, receipt: string, hiddenMs: number) => boolean;
  readonly remove: (queue: string, receipt: string) => void;
  readonly empty: (queue: string) => void;
  readonly count: (queue: string) => { readonly visible: number; readonly hidden: number };
};

export const openMessageBox = (file: string, now: () => Date): MessageBox => {
  const state = jsonFile(file, boxSchema, {});
  const all = (queue: string): readonly StoredMessage[] =>
    Object.hasOwn(state.read(), queue) ? (state.read()[queue] ?? []) : [];
  const put = (queue: string, messages: readonly StoredMessage[]): void =>
    state.write({ ...state.read(), [queue]: [...messages] });
  const change = (queue: string, changed: readonly StoredMessage[]): void => {
    const byId = new Map(changed.map((message) => [message.id, message]));
    put(
      queue,
      all(queue).map((message) => byId.get(message.id) ?? message),
    );
  };
  const time = (): number => now().getTime();
  // Whoever was lent a message has ended with the process that lent it.
  for (const [queue, messages] of Object.entries(state.read()))
    put(
      queue,
      messages.map((message) => ({ ...message, visibleAt: Math.min(message.visibleAt, time()) })),
    );

  return {
    add: (queue, body) => {
      const message = { id: randomUUID(), body, sentAt: time(), visibleAt: time(), receipt: null, received: 0 };
      put(queue, [...all(queue), message]);
      return message;
    },
    lend: (queue, most, hiddenMs) => {
      const at = time();
      const lent = all(queue)
        .filter(({ visibleAt }) => visibleAt <= at)
        .slice(0, most)
        .map((message) => ({
          ...message,
          receipt: randomUUID(),
          visibleAt: at + hiddenMs,
          received: message.received + 1,
        }));
      if (lent.length > 0) change(queue, lent);
      return lent;
    },
    hide: (queue, receipt, hiddenMs) => {
      const found = all(queue).find((message) => message.receipt === receipt);
      if (found) change(queue, [{ ...found, visibleAt: time() + hiddenMs }]);
      return found !== undefined;
    },
    remove: (queue, receipt) =>
      put(
        queue,
        all(queue).filter((message) => message.receipt !== receipt),
      ),
    empty: (queue) => put(queue, []),
    count: (queue) => {
      const visible = all(queue).filter(({ visibleAt }) => visibleAt <= time()).length;
      return { visible, hidden: all(queue).length - visible };
    },
  };
};
