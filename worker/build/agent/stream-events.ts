import * as z from 'zod';
import { withoutSequences } from '../../../domain/terminal-sequences';

/** Unknown fields and kinds of events are let through: the form is not published and grows from week to week. */
const update = z.object({
  sessionUpdate: z.string(),
  toolCallId: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  content: z.unknown().optional(),
});

const text = z.string().nullable().optional().catch(null);

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('runStarted'), data: z.object({ engine: text }) }),
  z.object({ type: z.literal('sessionUpdate'), data: z.object({ update }) }),
  z.object({
    type: z.literal('metadata'),
    data: z.object({ sessionId: text, meteringUsage: z.array(z.unknown()).optional().catch(undefined) }),
  }),
  z.object({ type: z.literal('runFinished'), data: z.object({ status: z.string(), stopReason: text }) }),
  z.object({ type: z.literal('runError'), data: z.object({ stage: text, message: text }).catch({}) }),
]);
export type StreamEvent = z.infer<typeof eventSchema>;
export type SessionUpdate = z.infer<typeof update>;

/** `unknown`: an event of a kind, or with a form, that we do not know. `null`: no event at all. */
export const parseStreamEvent = (raw: string): StreamEvent | 'unknown' | null => {
  // Whatever NO_COLOR says, a sequence for the terminal may stand around an event; JSON holds none raw. `trim` takes a byte order mark, too.
  const line = (raw.startsWith('{') && raw.endsWith('}') ? raw : withoutSequences(raw)).trim();
  if (!line.startsWith('{')) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = eventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return typeof (value as { type?: unknown }).type === 'string' ? 'unknown' : null;
};

const block = z.object({ type: z.literal('text'), text: z.string() });
const wrapped = z.object({ type: z.literal('content'), content: block });

/** The text in an update's content: a block, or a list of wrapped ones. */
export const textOf = ({ content }: SessionUpdate): string => {
  const one = block.safeParse(content);
  if (one.success) return one.data.text;
  return Array.isArray(content)
    ? content.flatMap((each) => wrapped.safeParse(each).data?.content.text ?? []).join('\n')
    : '';
};
