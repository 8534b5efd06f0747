import { GraphqlResponseError, graphql } from '@octokit/graphql';
import { WorkerError } from '../../domain/errors';

/** Runs one document. Documents are constants, so that a test can check each against GitHub's schema. */
export type RunDocument = <T>(document: string, variables: Readonly<Record<string, unknown>>) => Promise<T>;

type Headers = Readonly<Record<string, string | number | undefined>>;
type HttpError = Error & { readonly status?: number; readonly response?: { readonly headers?: Headers } };

/** When GitHub may be asked again: its own word, else a minute (docs: "wait at least one minute"). */
const retryMoment = (headers: Headers, now: Date): string => {
  const after = Number(headers['retry-after']);
  if (after > 0) return new Date(now.getTime() + after * 1000).toISOString();
  const reset = Number(headers['x-ratelimit-reset']);
  if (reset > 0 && String(headers['x-ratelimit-remaining']) === '0') return new Date(reset * 1000).toISOString();
  return new Date(now.getTime() + 60_000).toISOString();
};

const rateLimited = (headers: Headers, now: Date, cause: unknown) =>
  new WorkerError(
    'RateLimited',
    `GitHub's rate limit is used up until ${retryMoment(headers, now)}.`,
    'It passes by itself.',
    { cause },
  );

const authenticationFailed = (cause: unknown) =>
  new WorkerError('AuthenticationFailed', 'GitHub refused the token.', 'Write a valid one into the secret.', { cause });

const unavailable = (why: string, cause?: unknown) =>
  new WorkerError('GitHubUnavailable', `GitHub could not answer: ${why}`, 'Try again later.', { cause });

const ofHttp = (error: HttpError, now: Date): WorkerError => {
  const headers = error.response?.headers ?? {};
  const limited = /rate limit|abuse detection/i.test(error.message);
  const { status = 0 } = error;
  if (status === 401) return authenticationFailed(error);
  if (status === 429 || (status === 403 && (limited || headers['retry-after'] !== undefined)))
    return rateLimited(headers, now, error);
  if (status === 403)
    return new WorkerError('PermissionDenied', `GitHub denied it: ${error.message}`, 'Check what the token may do.', {
      cause: error,
    });
  if (status === 404)
    return new WorkerError('NotFound', 'GitHub found nothing there.', 'Check the address of its API.', {
      cause: error,
    });
  if (status >= 400 && status < 500)
    return new WorkerError('GitHubRefused', `GitHub refused: ${error.message}`, '', { cause: error });
  return unavailable(error.message, error);
};

const deniedTypes = new Set(['FORBIDDEN', 'INSUFFICIENT_SCOPES']);

const ofGraphql = (error: GraphqlResponseError<unknown>, now: Date): WorkerError => {
  const [first] = error.errors ?? [];
  const type = first?.type ?? '';
  const message = first?.message ?? error.message;
  if (type === 'RATE_LIMITED' || /rate limit/i.test(message)) return rateLimited(error.headers as Headers, now, error);
  if (deniedTypes.has(type))
    return new WorkerError('PermissionDenied', `GitHub denied it: ${message}`, 'Check what the token may do.', {
      cause: error,
    });
  if (type === 'NOT_FOUND') return new WorkerError('NotFound', `GitHub: ${message}`, '', { cause: error });
  if (/something went wrong|timeout|timed out/i.test(message)) return unavailable(message, error);
  return new WorkerError('GitHubRefused', `GitHub refused: ${message}`, '', { cause: error });
};

/** Translates every way in which GitHub says no, once. */
const translateGitHubError = (error: unknown, now: Date): WorkerError => {
  if (error instanceof WorkerError) return error;
  if (error instanceof GraphqlResponseError) return ofGraphql(error, now);
  return ofHttp(error as HttpError, now);
};

/** GitHub gives up after 10 s by itself; a connection that hangs must not use up the task's time. */
const TIMEOUT_MILLISECONDS = 30_000;

export type GraphqlClient = {
  readonly run: RunDocument;
  /** How many requests have been sent. */
  readonly requests: () => number;
};

/** A client for one GitHub; the token is asked for at each request, so a rotated one is used at once. */
export const createGraphqlClient = (
  { apiUrl }: { readonly apiUrl: string },
  deps: { readonly token: () => Promise<string>; readonly now: () => Date },
): GraphqlClient => {
  const send = graphql.defaults({ baseUrl: apiUrl });
  let requests = 0;
  const run = async <T>(document: string, variables: Readonly<Record<string, unknown>>): Promise<T> => {
    const token = await deps.token();
    requests += 1;
    try {
      const answer = await send<T>(document, {
        ...variables,
        headers: { authorization: `token ${token}` },
        request: { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) },
      });
      if (typeof answer !== 'object' || answer === null) throw unavailable('the answer holds no data');
      return answer;
    } catch (error) {
      throw translateGitHubError(error, deps.now());
    }
  };
  return { run, requests: () => requests };
};
