import { request as octokitRequest } from '@octokit/request';
import { TIMEOUT_MILLISECONDS } from './graphql-client';
import { translateGitHubError } from './translate-github-error';

/** What GitHub says of a token in the headers of its answers. */
export type TokenFacts = {
  /** Of a classic token; null for every other kind, which GitHub does not describe. */
  readonly scopes: readonly string[] | null;
  /** When it ends; null when it does not, or GitHub does not say. */
  readonly expiresAt: Date | null;
  /** GitHub's own time. */
  readonly now: Date | null;
  /** Points of the GraphQL limit. */
  readonly limit: number;
  readonly remaining: number;
};

const dateOf = (text: string | number | undefined): Date | null => {
  const time = Date.parse(
    String(text ?? '')
      .replace(' UTC', 'Z')
      .replace(/^(\d{4}-\d\d-\d\d) /, '$1T'),
  );
  return Number.isNaN(time) ? null : new Date(time);
};

/** Asks for the rate limit, which costs nothing and every kind of token may. @throws AuthenticationFailed, GitHubUnavailable … */
export const readTokenFacts = async (apiUrl: string, token: string): Promise<TokenFacts> => {
  try {
    const { headers, data } = await octokitRequest('GET /rate_limit', {
      baseUrl: apiUrl,
      headers: { authorization: `token ${token}` },
      request: { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) },
    });
    const scopes = headers['x-oauth-scopes'];
    const { limit, remaining } = data.resources.graphql ?? data.rate;
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
      limit,
      remaining,
    };
  } catch (error) {
    throw translateGitHubError(error, new Date());
  }
};
