import type { ErrorCode } from '../../../domain/errors';

type Meaning = {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  readonly message: string;
  readonly remedy: string;
};

const NEW_KEY =
  'Write a valid key into the secret kiro-api-key (kiro.dev → API keys; the plan must include them, and administrators must have enabled them).';

/**
 * What kiro-cli prints in its own name, whatever it exits with: recorded with 1.28, 2.1, 2.4.2, 2.8.1, 2.11.1, 2.13.0, 2.19.2, 2.21 and 2.29.0, or reported by its users. The first that fits
 * counts: a refusal that lasts goes before one that passes.
 */
const MEANINGS: readonly Meaning[] = [
  {
    code: 'AgentKeyRefused',
    pattern: /temporarily is suspended|TEMPORARILY_SUSPENDED|locked your account/i,
    message: 'Kiro has locked the account that the API key belongs to',
    remedy: 'Have it unlocked by Kiro’s support, or write the key of another account into the secret kiro-api-key.',
  },
  {
    code: 'AgentKeyRefused',
    pattern:
      /Authentication failed|You are not logged in|^(?:error: *)?Not logged in|API key (?:is |may be )?(?:invalid|expired)|bearer token included in the request is invalid|Access denied\. Please check your authentication|(?:occurred|unhandled error)\W+AccessDeniedException/im,
    message: 'kiro-cli did not accept the API key',
    remedy: NEW_KEY,
  },
  {
    code: 'AgentQuotaUsedUp',
    pattern:
      /(?:request|usage|query|credit) limit (?:has been |was )?(?:reached|exceeded)|reached (?:your \w+ (?:usage|credit) limit|the limit for overages)|(?:MONTHLY|DAILY)_REQUEST_COUNT|OVERAGE_REQUEST_LIMIT_EXCEEDED|UsageLimitReached|ServiceQuotaExceeded/i,
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
    code: 'AgentUnsupported',
    pattern:
      /INVALID_MODEL_ID|^[^\w\n]{0,20}(?:error: *)?(?:Invalid model\b|(?:The )?model '[^']*' (?:does not exist|is not available))/im,
    message: 'Kiro does not offer the model',
    remedy:
      'Name another one in agent.model of kiro-worker.yml (kiro-cli chat --list-models shows them), or none: then Kiro chooses.',
  },
  {
    code: 'AgentUnavailable',
    pattern:
      /dispatch failure|error sending request|connection (?:was )?(?:reset|refused|closed|timed out)|ECONNRESET|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|dns error|failed to lookup address|TLS (?:certificate|protocol) error|(?:temporarily|currently) unavailable|service unavailable|internal ?server ?e(?:rror|xception)|ThrottlingException|throttled by the service|too many requests|rate limit (?:reached|exceeded)|quota (?:exceeded|has reached its limit)|INSUFFICIENT_MODEL_CAPACITY|\b(?:status|HTTP)\D{0,12}(?:429|50[0234])\b|high (?:load|traffic)/i,
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
  /^(?:[❌⚠●\s]|\uFE0F)*(?:error: *)?(?:Internal error(?: \(code -?\d+\))?: *)?(?:Authentication failed|You are not logged in|Not logged in|(?:The )?(?:\w+ )?(?:request|usage|query) limit (?:has been )?reached|You(?:['’]ve| have) reached (?:your monthly usage limit|the limit for overages)|\{.*"(?:UsageLimitReachedError|MONTHLY_REQUEST_COUNT|OVERAGE_REQUEST_LIMIT_EXCEEDED)")/iu;

/** What one line of kiro-cli means that ends a run, however much is printed after it; null when it is no such line. */
export const explainKiroVerdict = (line: string): KiroMeaning | null =>
  VERDICT.test(line) ? explainKiroWords(line) : null;
