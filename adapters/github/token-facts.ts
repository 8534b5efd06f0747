import { request as octokitRequest } from '@octokit/request';
import { TIMEOUT_MILLISECONDS } from './graphql-client';
import { refuseRedirects } from './refuse-redirects';
import { translateGitHubError } from './translate-github-error';

/** What GitHub says of a token in the headers of its answers. */
export type TokenFacts = {
  /** Of a classic token; null for every other kind, which GitHub does not describe. */
  readonly scopes: readonly string[] | null;
  /** When it ends; null when it does not, or GitHub does not say. */
  readonly expiresAt: Date | null;
  /** GitHub's own time. */
  readonly now: Date | null;
  /** Points of the GraphQL limit; null on a server that has none. */
  readonly points: { readonly limit: number; readonly remaining: number } | null;
};

type Headers = Readonly<Record<string, string | number | undefined>>;
type Points = NonNullable<TokenFacts['points']>;

const dateOf = (text: string | number | undefined): Date | null => {
  const time = Date.parse(
    String(text ?? '')
      .replace(' UTC', 'Z')
      .replace(/^(\d{4}-\d\d-\d\d) /, '$1T'),
  );
  return Number.isNaN(time) ? null : new Date(time);
};

const factsOf = (headers: Headers, points: TokenFacts['points']): TokenFacts => {
  const scopes = headers['x-oauth-scopes'];
  return {
    scopes:
      typeof scopes === 'string'
        ? scopes
            .split(',')
            .map((scope) => scope.trim())
            .filter(Boolean)
        : null,
    expiresAt: dateOf(headers['github-authentication-token-expiration']),
    now: dateOf(headers.date),
    points,
  };
};

/** A server whose owner has switched limits off has no such page; the headers are there all the same (docs: "Rate limits", Enterprise Server). */
const isWithoutLimits = (error: unknown): error is { readonly response: { readonly headers: Headers } } => {
  const { status, response } = error as { status?: number; response?: { data?: { message?: string } } };
  return status === 404 && /rate limit/i.test(response?.data?.message ?? '');
};

/** Asks for the rate limit, which costs nothing and every kind of token may. @throws AuthenticationFailed, GitHubUnavailable … */
export const readTokenFacts = async (apiUrl: string, token: string): Promise<TokenFacts> => {
  try {
    const { headers, data } = await octokitRequest('GET /rate_limit', {
      baseUrl: apiUrl,
      headers: { authorization: `token ${token}` },
      request: { fetch: refuseRedirects, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) },
    });
    const { limit, remaining }: Points = data.resources.graphql ?? data.rate;
    return factsOf(headers, { limit, remaining });
  } catch (error) {
    if (isWithoutLimits(error)) return factsOf(error.response.headers, null);
    throw translateGitHubError(error, new Date());
  }
};
