import { GraphqlResponseError, graphql } from '@octokit/graphql';
import { refuseRedirects } from './refuse-redirects';
import { translateGitHubError, unavailable } from './translate-github-error';

type Options = {
  /**
   * What the token may not see inside of a list (another organisation's single sign-on, say) comes as null, as GitHub sends it beside its errors; else
   * one such thing spoils the whole answer.
   */
  readonly hiddenAsNull?: boolean;
};

/** Runs one document. Documents are constants, so that a test can check each against GitHub's schema. */
export type RunDocument = <T>(
  document: string,
  variables: Readonly<Record<string, unknown>>,
  options?: Options,
) => Promise<T>;

/** GitHub gives up after 10 s by itself; a connection that hangs must not use up the task's time. */
export const TIMEOUT_MILLISECONDS = 30_000;

/** GitHub's advice for content that is written: a second between two (docs: "pause between mutative requests"). */
const WRITE_SPACING_MILLISECONDS = 1_000;

export type GraphqlClient = {
  readonly run: RunDocument;
  /** How many requests have been sent. */
  readonly requests: () => number;
};

type Deps = {
  readonly token: () => Promise<string>;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<unknown>;
};

/** Lets one mutation begin at a time, and not before `spacing` has passed since the one before has been answered. */
const createWriteTurns = (spacing: number, { now, pause }: Pick<Deps, 'now' | 'pause'>) => {
  const state = { last: Promise.resolve(), endedAt: Number.NEGATIVE_INFINITY };
  return <T>(write: () => Promise<T>): Promise<T> => {
    const turn = state.last.then(async () => {
      const wait = Math.min(spacing, state.endedAt + spacing - now().getTime());
      if (wait > 0) await pause(wait);
      return write();
    });
    const over = () => {
      state.endedAt = now().getTime();
    };
    state.last = turn.then(over, over);
    return turn;
  };
};

const isMutation = (document: string): boolean => /^\s*mutation\b/.test(document);

/** The data beside errors that only say that something in a list may not be seen; null when they say more. */
const visibleData = (error: unknown): unknown => {
  if (!(error instanceof GraphqlResponseError)) return null;
  const said = (error.errors ?? []) as readonly { type?: string; path?: readonly unknown[] }[];
  const isOnlyHidden = said.every(({ type, path }) => type === 'FORBIDDEN' && path?.includes('nodes'));
  return isOnlyHidden ? error.data : null;
};

/**
 * A client for one GitHub; the token is asked for at each request, so a rotated one is used at once. Mutations go out one by one, a second apart: GitHub
 * takes content that is written faster for abuse.
 */
export const createGraphqlClient = (
  options: { readonly apiUrl: string; readonly writeSpacingMilliseconds?: number },
  deps: Deps,
): GraphqlClient => {
  const { apiUrl, writeSpacingMilliseconds = WRITE_SPACING_MILLISECONDS } = options;
  const send = graphql.defaults({ baseUrl: apiUrl });
  const inTurn = createWriteTurns(writeSpacingMilliseconds, deps);
  const count = { requests: 0 };
  const sendOnce = async <T>(
    document: string,
    variables: Readonly<Record<string, unknown>>,
    { hiddenAsNull = false }: Options = {},
  ): Promise<T> => {
    const token = await deps.token();
    count.requests += 1;
    try {
      const answer = await send<T>(document, {
        ...variables,
        headers: { authorization: `token ${token}` },
        request: { fetch: refuseRedirects, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) },
      });
      if (typeof answer !== 'object' || answer === null) throw unavailable('the answer holds no data');
      return answer;
    } catch (error) {
      const seen = hiddenAsNull ? visibleData(error) : null;
      if (seen) return seen as T;
      throw translateGitHubError(error, deps.now());
    }
  };
  const run: RunDocument = (document, variables, more) =>
    isMutation(document) ? inTurn(() => sendOnce(document, variables, more)) : sendOnce(document, variables, more);
  return { run, requests: () => count.requests };
};
