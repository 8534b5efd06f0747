import type { ErrorCode } from '../../../domain/errors';

type Meaning = {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  readonly message: string;
  readonly remedy: string;
};

const NEW_KEY =
  'Write a valid key into the secret kiro-api-key (kiro.dev → API keys; the plan must include them, and administrators must have enabled them).';

/** What kiro-cli prints in its own name, whatever it exits with: recorded with 2.4.2, 2.11.1, 2.13.0, 2.19.2, 2.21 and 2.29.0. The first that fits counts. */
const MEANINGS: readonly Meaning[] = [
  {
    code: 'AgentKeyRefused',
    pattern: /Authentication failed|You are not logged in|^Not logged in|API key (?:is |may be )?(?:invalid|expired)/im,
    message: 'kiro-cli did not accept the API key',
    remedy: NEW_KEY,
  },
  {
    code: 'AgentQuotaUsedUp',
    pattern: /request limit reached|MONTHLY_REQUEST_COUNT|UsageLimitReached|ServiceQuotaExceeded|credit limit reached/i,
    message: 'The Kiro subscription has nothing left to spend',
    remedy: 'Wait until its limits are reset, or raise them, or allow overages; then redrive the dead letter.',
  },
  {
    code: 'AgentUnsupported',
    pattern:
      /unexpected argument|unrecognized subcommand|not supported with --agent-engine|not supported on the v\d engine|GLIBC_\d|[Ee]xec format error/,
    message: 'This version of kiro-cli cannot be used in this way',
    remedy: 'Pin a version that can (docs/guides/agents.md), or choose the other engine.',
  },
  {
    code: 'AgentUnavailable',
    pattern:
      /dispatch failure|error sending request|connection (?:was )?(?:reset|refused|closed|timed out)|ECONNRESET|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|dns error|failed to lookup address|TLS (?:certificate|protocol) error|temporarily unavailable|service unavailable|internal server error|InternalServerException|ThrottlingException|too many requests|\b(?:status|HTTP)\D{0,12}(?:429|50[0234])\b|high (?:load|traffic)/i,
    message: 'Kiro cannot be reached, or is overloaded',
    remedy:
      'It was tried several times. Redrive the dead letter later; if it lasts, check proxy and network of the builder.',
  },
];

export type KiroMeaning = Omit<Meaning, 'pattern'>;

/** What kiro-cli's own words mean; null when they mean nothing that we know. */
export const explainKiroWords = (words: string): KiroMeaning | null =>
  MEANINGS.find(({ pattern }) => pattern.test(words)) ?? null;

/** Lines that say how a run ended, as they were recorded from their first character on. A model, or a server that kiro-cli has started, talks of the like in the middle of a line. */
const VERDICT =
  /^(?:error: *)?(?:Authentication failed|You are not logged in|Not logged in|(?:\w+ )?request limit reached|\{.*"(?:UsageLimitReachedError|MONTHLY_REQUEST_COUNT)")/i;

/** What one line of kiro-cli means that ends a run, however much is printed after it; null when it is no such line. */
export const explainKiroVerdict = (line: string): KiroMeaning | null =>
  VERDICT.test(line) ? explainKiroWords(line) : null;
