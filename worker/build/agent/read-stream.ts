import { withoutSequences } from '../../../domain/terminal-sequences';
import { createCreditMeter } from './credit-meter';
import { creditsIn } from './credits-trailer';
import { explainKiroVerdict } from './kiro-words';
import { createLineSplitter } from './line-splitter';
import { collectOwnWords, isDenial } from './own-words';
import type { RunEvents, RunFacts, RunReader } from './run-facts';
import { parseStreamEvent, type SessionUpdate, type StreamEvent, textOf } from './stream-events';

const LONGEST_TITLE = 200;
const LONGEST_WORD = 100;
const LONGEST_ERROR = 4_000;
const MOST_DENIED = 20;
/** Uses of tools that may be under way at the same time. */
const MOST_OPEN = 1_000;

/** Updates that only a model that was reached can cause: they cost. */
const MODEL = ['agent_message_chunk', 'agent_thought_chunk', 'tool_call', 'tool_call_update'];

/** What people see of the events: what the agent says, and a line per use of a tool. */
const createTranscript = () => {
  let text = '';
  let atLineStart = true;
  const put = (more: string): void => {
    if (more === '') return;
    text += more;
    atLineStart = more.endsWith('\n');
  };
  return {
    speak: put,
    line: (line: string): void => put(`${atLineStart ? '' : '\n'}${line}\n`),
    take: (): string => {
      const taken = text;
      text = '';
      return taken;
    },
  };
};

/** Its own words end up in records and messages. */
const wordOf = (text: string | null | undefined, longest = LONGEST_WORD): string | null =>
  text == null
    ? null
    : withoutSequences(text.slice(0, longest * 2))
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, longest);

type Mutable = { -readonly [Key in 'engine' | 'finished' | 'error' | 'acted']: RunFacts[Key] };

/** Reads `--output-format stream-json`: one JSON object per line, with anything between them. It never throws. */
export const createStreamReader = ({ onFinished, onGoesOn, onLogin }: RunEvents): RunReader => {
  const facts: Mutable = { engine: null, finished: null, error: null, acted: false };
  const meter = createCreditMeter();
  const own = collectOwnWords(onLogin);
  const transcript = createTranscript();
  const titles = new Map<string, string>();
  const denied = new Set<string>();
  let speech = '';
  let trailer: number | null = null;

  const updateTool = (update: SessionUpdate): void => {
    const { toolCallId = '', title = titles.get(toolCallId) ?? 'a tool', status } = update;
    if (status === 'completed' || status === 'failed') titles.delete(toolCallId);
    else if (titles.size < MOST_OPEN) titles.set(toolCallId, title.slice(0, LONGEST_TITLE));
    if (status !== 'failed') return;
    transcript.line(`[tool] ${title.slice(0, LONGEST_TITLE)}: failed`);
    if (textOf(update).split('\n').some(isDenial) && denied.size < MOST_DENIED)
      denied.add(title.slice(0, LONGEST_TITLE));
  };
  const reached = (): void => {
    facts.acted = true;
    own.spoken();
  };
  const updateSession = (update: SessionUpdate): void => {
    const { sessionUpdate: kind } = update;
    if (MODEL.includes(kind)) reached();
    if (kind === 'agent_message_chunk') {
      const text = textOf(update);
      if (speech.length <= LONGEST_TITLE) speech += text.slice(0, LONGEST_TITLE + 1);
      transcript.speak(text);
    }
    if (kind === 'tool_call') transcript.line(`[tool] ${(update.title ?? 'a tool').slice(0, LONGEST_TITLE)}`);
    if (kind === 'tool_call' || kind === 'tool_call_update') updateTool(update);
  };
  const finish = (line: string): void => {
    transcript.line(line);
    onFinished();
  };
  const take = (event: StreamEvent): void => {
    switch (event.type) {
      case 'runStarted':
        facts.engine = wordOf(event.data.engine);
        break;
      case 'sessionUpdate':
        if (facts.error !== null && facts.finished === null) onGoesOn();
        updateSession(event.data.update);
        break;
      case 'metadata':
        meter.add(event.data.sessionId ?? '', event.data.meteringUsage ?? []);
        break;
      case 'runFinished':
        facts.finished = { success: event.data.status === 'success', stopReason: wordOf(event.data.stopReason) };
        if (facts.finished.success) facts.error = null; // what it came to in the end counts
        finish(`[finished] ${event.data.status} (${facts.finished.stopReason ?? 'no reason given'})`);
        break;
      case 'runError':
        facts.error = wordOf(event.data.message, LONGEST_ERROR) ?? 'an error without a message';
        finish(`[error] ${event.data.stage ?? 'run'}: ${facts.error}`);
        break;
    }
  };
  const ownLine = (line: string): void => {
    own.add(line);
    transcript.line(line);
  };
  /** A version that has not listened writes plain text: no proof, but paid for. */
  const errorLine = (line: string): void => {
    ownLine(line);
    const credits = creditsIn(line);
    if (credits === null) return;
    trailer = credits;
    reached();
  };
  const onTooLong = (characters: number): void => transcript.line(`… a line of ${characters} characters`);
  const streams = {
    stdout: createLineSplitter({
      onLine: (line) => {
        const event = parseStreamEvent(line);
        if (event === null) ownLine(line);
        else if (event !== 'unknown') take(event);
      },
      onTooLong,
    }),
    stderr: createLineSplitter({ onLine: errorLine, onTooLong }),
  };
  return {
    read: (chunk, stream) => {
      streams[stream].write(chunk);
      return transcript.take();
    },
    end: () => {
      streams.stdout.end();
      streams.stderr.end();
      return transcript.take();
    },
    facts: () => {
      const { denials, verdict: said, ...words } = own.facts();
      const deniedTools = denied.size > 0 || denials === 0 ? [...denied] : ['a tool'];
      const all = speech.trim();
      // In place of an answer, and nothing else.
      const verdict = said ?? (all.length <= LONGEST_TITLE && explainKiroVerdict(all) ? all : null);
      return { ...facts, ...words, verdict, deniedTools, credits: meter.total() ?? trailer };
    },
  };
};
