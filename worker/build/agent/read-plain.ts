import { StringDecoder } from 'node:string_decoder';
import { withoutSequences } from '../../../domain/terminal-sequences';
import { creditsIn } from './credits-trailer';
import { explainKiroVerdict } from './kiro-words';
import { createLineSplitter } from './line-splitter';
import { collectOwnWords } from './own-words';
import type { RunEvents, RunReader } from './run-facts';

/** How the model's first line begins; before it, standard output is the program's own as well. */
const SPEECH = /^> /;

/**
 * Reads the transcript for people, which is all that versions before stream-json give. The trailer is on standard error; on standard output, where the model speaks, it counts only as the
 * very last line, and so does what ended the run.
 */
export const createPlainReader = ({ onFinished, onLogin }: RunEvents): RunReader => {
  const own = collectOwnWords(onLogin);
  let paid: number | null = null;
  let paidInLastLine: number | null = null;
  let acted = false;
  let speech = false;
  let lastOfSpeech = '';

  const onTooLong = () => undefined;
  const streams = {
    stdout: createLineSplitter({
      onLine: (line) => {
        const text = withoutSequences(line.slice(0, 1_000)).trimStart();
        if (text === '') return;
        acted = true;
        paidInLastLine = creditsIn(line);
        speech ||= SPEECH.test(text);
        if (!speech) return own.add(line);
        own.spoken();
        own.quote(line);
        lastOfSpeech = text.trim();
      },
      onTooLong,
    }),
    stderr: createLineSplitter({
      onLine: (line) => {
        own.add(line);
        const credits = creditsIn(line);
        if (credits === null) return;
        paid = credits;
        onFinished();
      },
      onTooLong,
    }),
  };
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  return {
    read: (chunk, stream) => {
      streams[stream].write(chunk);
      return decoders[stream].write(chunk);
    },
    end: () => {
      streams.stdout.end();
      streams.stderr.end();
      return '';
    },
    facts: () => {
      const { denials, verdict, ...words } = own.facts();
      const credits = paid ?? paidInLastLine;
      const finished = credits === null ? null : { success: true, stopReason: null };
      const deniedTools = denials > 0 ? ['a tool'] : [];
      return {
        ...words,
        verdict: verdict ?? (explainKiroVerdict(lastOfSpeech) ? lastOfSpeech : null),
        engine: null,
        error: null,
        acted: acted && !words.asksForLogin,
        finished,
        credits,
        deniedTools,
      };
    },
  };
};
