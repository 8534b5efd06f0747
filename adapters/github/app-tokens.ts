import { createSign } from 'node:crypto';
import { request as octokitRequest } from '@octokit/request';
import { describeError, hasCode, WorkerError } from '../../domain/errors';
import type { GitHubCredential } from '../../domain/github-credential';
import { TIMEOUT_MILLISECONDS } from './graphql-client';
import { refuseRedirects } from './refuse-redirects';
import { translateGitHubError } from './translate-github-error';

/** What a token is for: an account, or one repository of it with these permissions and no other. */
export type TokenScope = {
  readonly owner: string;
  /** The name alone, without its owner. */
  readonly repository?: string;
  readonly permissions?: Readonly<Record<string, 'read' | 'write'>>;
};

type App = Extract<GitHubCredential, { kind: 'app' }>;
type Grants = Readonly<Record<string, string>>;
type Minted = { readonly token: string; readonly expiresAt: number; readonly grants: Grants };
type Deps = { readonly now: () => Date };

/** GitHub accepts ten minutes at most, and clocks differ (docs: "set this 60 seconds in the past"). */
const JWT_SECONDS = 9 * 60;
const JWT_BACKDATED_SECONDS = 60;
/** A token that ends sooner is not handed out any more: whoever gets one may need it for a fetch or a push. */
const SPARE_MILLISECONDS = 10 * 60_000;
/** Less than this is no reason to believe GitHub's clock rather than our own. */
const SKEW_MILLISECONDS = 5_000;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The proof that we are the App, as GitHub's documentation has it. @throws WorkerError AuthenticationFailed for what is no key */
const signJwt = ({ appId, privateKey }: App, at: number): { readonly jwt: string; readonly expiresAt: string } => {
  const seconds = Math.floor(at / 1000);
  const exp = seconds + JWT_SECONDS;
  const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - JWT_BACKDATED_SECONDS, exp, iss: appId })}`;
  try {
    const signature = createSign('RSA-SHA256').update(head).sign(privateKey, 'base64url');
    return { jwt: `${head}.${signature}`, expiresAt: new Date(exp * 1000).toISOString() };
  } catch {
    const message = 'The private key of the GitHub App cannot be read.';
    throw new WorkerError('AuthenticationFailed', message, 'Write the PEM file that GitHub gave out into the secret.');
  }
};

/** How far GitHub's clock is ahead of ours, if it refused us and says what time it is. */
const skewOf = (error: unknown, now: Date): number => {
  const { status, response } = error as { status?: number; response?: { headers?: { date?: string } } };
  const theirs = status === 401 ? Date.parse(response?.headers?.date ?? '') : Number.NaN;
  const skew = theirs - now.getTime();
  return Math.abs(skew) > SKEW_MILLISECONDS ? skew : 0;
};

/** Why there is no token, in our words. */
const refusalOf = (error: unknown, { owner }: TokenScope, { appId }: App, now: Date): WorkerError => {
  if (error instanceof WorkerError) return error;
  const known = translateGitHubError(error, now);
  if (hasCode(known, 'NotFound') || (error as { status?: number }).status === 422)
    return new WorkerError(
      'PermissionDenied',
      `The GitHub App is not installed for ${owner}, or may not see what was asked for.`,
      'Install it there, with the permissions of docs/guides/github.md.',
      { cause: error },
    );
  if (!hasCode(known, 'AuthenticationFailed')) return known;
  const message = `GitHub did not accept the GitHub App ${appId}: ${describeError(error)}`;
  return new WorkerError('AuthenticationFailed', message, 'Check its id and its private key in the secret.');
};

const keyOf = ({ owner, repository = '', permissions = {} }: TokenScope): string =>
  JSON.stringify([owner.toLowerCase(), repository.toLowerCase(), Object.entries(permissions).sort()]);

/**
 * Installation tokens of one GitHub App. Each is kept until ten minutes before its end, by GitHub's clock: when GitHub refuses us because the clocks differ,
 * its own time is taken from then on.
 */
export const createAppTokens = (app: App, { apiUrl }: { readonly apiUrl: string }, deps: Deps) => {
  const clock = { skew: 0 };
  const minted = new Map<string, Minted>();
  const installations = new Map<string, number>();
  const theirNow = () => deps.now().getTime() + clock.skew;
  const request = octokitRequest.defaults({ baseUrl: apiUrl, request: { fetch: refuseRedirects } });
  const bounded = () => request.defaults({ request: { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) } });
  const quiet = () => undefined;
  /** Loaded once somebody is an App: every function that has a token would pay for it with a third of its start. */
  const loadAuth = async () => {
    const { createAppAuth } = await import('@octokit/auth-app');
    return createAppAuth({
      appId: app.appId,
      createJwt: async () => signJwt(app, theirNow()),
      request,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
  };
  let loading: ReturnType<typeof loadAuth> | null = null;
  const auth = () => {
    loading ??= loadAuth();
    return loading;
  };

  /** Once more with GitHub's time when ours was the reason. */
  const inTheirTime = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      const skew = skewOf(error, deps.now());
      if (skew === 0 || Math.abs(skew - clock.skew) <= SKEW_MILLISECONDS) throw error;
      clock.skew = skew;
      return ask();
    }
  };
  const read = async (route: string, parameters: Readonly<Record<string, string>>): Promise<{ id: number }> => {
    const { token } = await (await auth())({ type: 'app' });
    const answer = await bounded()(route, { ...parameters, headers: { authorization: `bearer ${token}` } });
    return answer.data as { id: number };
  };
  const findInstallation = async (owner: string): Promise<number> => {
    const known = app.installationId ?? installations.get(owner.toLowerCase());
    if (known !== undefined) return known;
    const found = await read('GET /orgs/{owner}/installation', { owner }).catch((error: { status?: number }) => {
      if (error.status !== 404) throw error;
      return read('GET /users/{owner}/installation', { owner });
    });
    installations.set(owner.toLowerCase(), found.id);
    return found.id;
  };
  const mint = async ({ owner, repository, permissions }: TokenScope): Promise<Minted> => {
    const installationId = await findInstallation(owner);
    const {
      token,
      expiresAt,
      permissions: grants,
    } = await (await auth())({
      type: 'installation',
      installationId,
      refresh: true, // its cache knows neither our clock nor GitHub's
      ...(repository ? { repositoryNames: [repository] } : {}),
      ...(permissions ? { permissions } : {}),
    });
    return { token, expiresAt: Date.parse(expiresAt), grants };
  };
  const use = async (scope: TokenScope): Promise<Minted> => {
    const key = keyOf(scope);
    const kept = minted.get(key);
    if (kept && kept.expiresAt - theirNow() > SPARE_MILLISECONDS) return kept;
    try {
      const fresh = await inTheirTime(() => mint(scope));
      minted.set(key, fresh);
      return fresh;
    } catch (error) {
      throw refusalOf(error, scope, app, deps.now());
    }
  };
  return {
    of: async (scope: TokenScope): Promise<string> => (await use(scope)).token,
    /** What the App may do there, as GitHub names it: `contents` → `write`. */
    grants: async (scope: TokenScope): Promise<Grants> => (await use(scope)).grants,
    known: (): readonly string[] => [...minted.values()].map(({ token }) => token),
    forget: (): void => minted.clear(),
  };
};
