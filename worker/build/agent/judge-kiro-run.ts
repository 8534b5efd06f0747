import { type ErrorCode, WorkerError } from '../../../domain/errors';
import type { ForeignEnd } from '../sandbox';
import { judgeAgentEnd } from './judge-agent-end';
import { explainKiroVerdict, explainKiroWords } from './kiro-words';
import type { RunFacts } from './run-facts';

const LONGEST_QUOTE = 1_000;

/** Exit codes that kiro-cli documents, and clap's for a command line that it does not understand. */
const EXITS: Readonly<Record<number, { readonly code: ErrorCode; readonly message: string; readonly remedy: string }>> =
  {
    2: {
      code: 'AgentUnsupported',
      message: 'does not understand its command line',
      remedy: 'Pin a version that does (docs/guides/agents.md), or choose the other engine.',
    },
    3: {
      code: 'AgentMcpFailed',
      message: 'could not start an MCP server that it must have',
      remedy:
        'See in its log which one. Mend .kiro/settings/mcp.json on the base branch, or set agent.requireMcp to false.',
    },
    4: {
      code: 'AgentProfileMissing',
      message: 'has no custom agent of the name that was asked for',
      remedy:
        'Put it into .kiro/agents/ on the base branch, in the form of the engine in use, or take agent.profile out.',
    },
  };

/** Reasons to stop that leave the task half done, although the run calls itself a success (Agent Client Protocol). */
const EARLY = ['max_tokens', 'max_turn_requests', 'refusal', 'cancelled'];

const quote = (words: string): string => (words ? ` It said: ${words.slice(-LONGEST_QUOTE)}` : ' It printed nothing.');

/** Whoever spoke in events has printed something, though nothing to be quoted. */
const quoteAll = ({ words, acted }: RunFacts): string => (words === '' && acted ? '' : quote(words));

type Asked = {
  readonly who: string;
  /** The custom agent; null: none. */
  readonly profile: string | null;
  readonly requireMcp: boolean;
  /** It reports in stream-json. */
  readonly streams: boolean;
};

/** What came to pass although its process may have ended in any way. */
const judgeFinished = (facts: RunFacts, { who, profile, requireMcp }: Asked): void => {
  const { finished, fallback, withoutMcp } = facts;
  const { stopReason } = finished ?? {};
  if (requireMcp && withoutMcp !== null)
    throw new WorkerError(
      'AgentMcpFailed',
      `${who} went on without the MCP servers that it must have.${quote(withoutMcp)}`,
      'Pin a version that starts them with an API key, or set agent.requireMcp to false.',
    );
  if (profile !== null && fallback !== null)
    throw new WorkerError(
      'AgentProfileMissing',
      `${who} ignored the custom agent "${profile}".${quote(fallback)}`,
      EXITS[4]?.remedy,
    );
  if (EARLY.includes(stopReason ?? ''))
    throw new WorkerError(
      'AgentDied',
      `${who} stopped early: ${stopReason}.`,
      'Make the task smaller or clearer, then try again.',
    );
};

const judgeWords = (facts: RunFacts, who: string, only?: readonly ErrorCode[]): void => {
  const { verdict, error, ownWords } = facts;
  const also = verdict === null || ownWords.includes(verdict) ? '' : verdict; // the model's last line
  const words = [also, error ?? '', ownWords].filter(Boolean).join('\n');
  const meaning = explainKiroWords(words);
  if (meaning && (only?.includes(meaning.code) ?? true))
    throw new WorkerError(meaning.code, `${meaning.message} (${who}).${quote(words)}`, meaning.remedy);
};

/** What a run that has proved its end, and has changed nothing, said in place of working: it exits with 0 when its quota is used up. */
export const complaintOf = ({ verdict }: RunFacts, who: string): WorkerError | null => {
  const meaning = verdict === null ? null : explainKiroVerdict(verdict);
  return (
    meaning && new WorkerError(meaning.code, `${meaning.message} (${who}).${quote(verdict ?? '')}`, meaning.remedy)
  );
};

/**
 * Throws for every run that has not proved that it took place and came to its end. Neither exit code 0 nor a text that says so is proof: kiro-cli exits with 0 when its key is refused, when its
 * quota is used up and when it has done nothing.
 */
export const judgeKiroRun = (end: ForeignEnd, facts: RunFacts, asked: Asked): void => {
  const { who, streams } = asked;
  const hasProof = facts.error === null && facts.finished?.success === true;
  if (hasProof && (streams || end.exitCode === 0 || end.ending === 'aborted')) {
    judgeFinished(facts, asked);
    return;
  }
  if (facts.asksForLogin)
    throw new WorkerError(
      'AgentKeyRefused',
      `${who} ignored the API key and asked for a person to log in; it was ended.${quoteAll(facts)}`,
      'Write a valid key into the secret kiro-api-key, and pin a version of kiro-cli that can use one (2.0.0 or later).',
    );
  judgeWords(facts, who, ['AgentKeyRefused', 'AgentQuotaUsedUp']);
  if (end.ending !== 'exited' && end.ending !== 'aborted') judgeAgentEnd(end, who);
  const exit = EXITS[end.exitCode ?? 0];
  if (exit) throw new WorkerError(exit.code, `${who} ${exit.message}.${quoteAll(facts)}`, exit.remedy);
  judgeWords(facts, who);
  if (facts.error !== null)
    throw new WorkerError(
      'AgentDied',
      `${who} reported an error: ${facts.error.slice(0, LONGEST_QUOTE)}`,
      'Look at its log, then try again.',
    );
  judgeAgentEnd(end, who);
  if (facts.finished?.success === false)
    throw new WorkerError(
      'AgentDied',
      `${who} said itself that the run did not succeed (${facts.finished.stopReason ?? 'without a reason'}).${quoteAll(facts)}`,
      'Look at its log, then try again.',
    );
  throw new WorkerError(
    'AgentNoOutput',
    `${who} exited with 0 without any proof that it worked: ${streams ? 'it never said that the run succeeded' : 'it did not say what the run cost'}.${quoteAll(facts)}`,
    'See in its log what it did, then redrive the dead letter.',
  );
};
