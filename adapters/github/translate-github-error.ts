import { GraphqlResponseError } from '@octokit/graphql';
import { hasCode, WorkerError } from '../../domain/errors';
import { createRedactor } from '../../domain/redaction';

type Headers = Readonly<Record<string, string | number | undefined>>;
type HttpError = Error & { readonly status?: number; readonly response?: { readonly headers?: Headers } };
type Said = { readonly type?: string; readonly message?: string; readonly extensions?: { readonly code?: string } };

const MINUTE = 60_000;

/** Messages reach receipts and the state of executions; an address in them may hold a credential. */
const clean = createRedactor([]);

/** Seconds, as GitHub writes it; HTTP allows a date. */
const afterOf = ({ 'retry-after': after }: Headers, now: Date): number => {
  const seconds = Number(after);
  return seconds > 0 ? now.getTime() + seconds * 1000 : Date.parse(String(after ?? ''));
};

const isUsedUp = (headers: Headers): boolean => String(headers['x-ratelimit-remaining']) === '0';

/** When GitHub may be asked again: its own word, else a minute (docs: "wait at least one minute"). */
const retryMoment = (headers: Headers, now: Date): string => {
  const after = afterOf(headers, now);
  if (after > now.getTime()) return new Date(after).toISOString();
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  const isKnown = isUsedUp(headers) && reset > now.getTime();
  return new Date(isKnown ? reset : now.getTime() + MINUTE).toISOString();
};

const SECONDARY = /secondary rate limit|abuse detection|submitted too quickly/i;
const SIGN_ON = /SAML|single sign-?on/i;
const LIMITED = /rate limit|abuse detection|submitted too quickly/i;

const rateLimited = (headers: Headers, message: string, now: Date, cause: unknown) => {
  const until = retryMoment(headers, now);
  return SECONDARY.test(message)
    ? new WorkerError(
        'RateLimited',
        `GitHub got too many requests from this token in a short time; it wants none until ${until}.`,
        'It passes by itself. If it comes back, look for other programs that use the same account.',
        { cause },
      )
    : new WorkerError('RateLimited', `GitHub's rate limit is used up until ${until}.`, 'It passes by itself.', {
        cause,
      });
};

export const unavailable = (why: string, cause?: unknown) =>
  new WorkerError('GitHubUnavailable', `GitHub could not answer: ${why}`, remedyOf(why), { cause });

/** By the words of Node.js and of the TLS library for a server that was not reached at all. */
const remedyOf = (why: string): string => {
  if (/certificate|CERT_|self-signed|UNABLE_TO_(?:GET|VERIFY)/i.test(why))
    return 'A proxy or server shows a certificate that is not known here: name its file in NODE_EXTRA_CA_CERTS.';
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|Connect Timeout/i.test(why)
    ? 'Check the network of this machine and the address of the API (GITHUB_API_URL).'
    : 'Try again later.';
};

const denied = (message: string, remedy: string, cause: unknown) =>
  new WorkerError('PermissionDenied', `GitHub denied it: ${message}`, remedy, { cause });

const LACKS = 'kiro-worker doctor says what the token lacks.';

/** Where a person authorises a token for an organisation with single sign-on; what follows the `?` is for one browser. */
const signOnRemedy = ({ 'x-github-sso': sso }: Headers): string => {
  const [, url = 'Settings, Developer settings, Configure SSO'] =
    /url=(https:\/\/[^\s;?]+)/.exec(String(sso ?? '')) ?? [];
  return `The organisation wants single sign-on: authorise the token for it (${url}).`;
};

const ofHttp = (error: HttpError, now: Date): WorkerError => {
  const headers = error.response?.headers ?? {};
  const { status = 0 } = error;
  const message = clean(error.message);
  if (status === 401)
    return new WorkerError(
      'AuthenticationFailed',
      'GitHub refused the token.',
      'It may have expired or been revoked: write a valid one into the secret (on your machine GITHUB_TOKEN).',
      { cause: error },
    );
  const isLimit = LIMITED.test(message) || headers['retry-after'] !== undefined || isUsedUp(headers);
  if (status === 429 || (status === 403 && isLimit)) return rateLimited(headers, message, now, error);
  if (status === 403) {
    const isSignOn = headers['x-github-sso'] !== undefined || SIGN_ON.test(message);
    return denied(message, isSignOn ? signOnRemedy(headers) : LACKS, error);
  }
  if (status === 404)
    return new WorkerError('NotFound', 'GitHub found nothing there.', 'Check the address of its API.', {
      cause: error,
    });
  if (status >= 400 && status < 500)
    return new WorkerError('GitHubRefused', `GitHub refused: ${message}`, '', { cause: error });
  return unavailable(message, error);
};

const deniedTypes = new Set(['FORBIDDEN', 'INSUFFICIENT_SCOPES']);
const isLimitError = ({ type = '', message = '', extensions }: Said): boolean =>
  type === 'RATE_LIMITED' || type === 'RATE_LIMIT' || extensions?.code === 'RATE_LIMITED' || LIMITED.test(message);

const ofGraphql = (error: GraphqlResponseError<unknown>, now: Date): WorkerError => {
  const said = (error.errors ?? []) as readonly Said[];
  const limit = said.find(isLimitError);
  if (limit) return rateLimited(error.headers as Headers, limit.message ?? '', now, error);
  const [{ type = '', message: words = error.message } = {}] = said;
  const message = clean(words);
  if (deniedTypes.has(type))
    return denied(message, SIGN_ON.test(message) ? signOnRemedy(error.headers as Headers) : LACKS, error);
  if (type === 'NOT_FOUND') return new WorkerError('NotFound', `GitHub: ${message}`, '', { cause: error });
  if (/something went wrong|timeout|timed out/i.test(message)) return unavailable(message, error);
  return new WorkerError('GitHubRefused', `GitHub refused: ${message}`, '', { cause: error });
};

/** Translates every way in which GitHub says no, once. */
export const translateGitHubError = (error: unknown, now: Date): WorkerError => {
  if (error instanceof WorkerError) return error;
  const { cause } = error as HttpError;
  if (cause instanceof WorkerError) return cause; // of our own fetch, which @octokit/request has wrapped
  if (error instanceof GraphqlResponseError) return ofGraphql(error, now);
  return ofHttp(error as HttpError, now);
};

/** Whether GitHub knows no such thing; a wrong address of its API is something else. */
export const isMissingNode = (error: unknown): boolean =>
  hasCode(error, 'NotFound') && (error as Error).cause instanceof GraphqlResponseError;
