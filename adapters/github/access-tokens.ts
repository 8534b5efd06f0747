import { type GitHubCredential, parseGitHubCredential } from '../../domain/github-credential';
import { createAppTokens, type TokenScope } from './app-tokens';

export type AccessTokens = {
  /** A token that is good for ten minutes at least: the personal access token itself, or one that the GitHub App gets for this scope. */
  readonly of: (scope: TokenScope) => Promise<string>;
  /** What the GitHub App may do there; null for a personal access token, which cannot be asked. */
  readonly grants: (scope: TokenScope) => Promise<Readonly<Record<string, string>> | null>;
  /** Everything secret that is known so far, so that it can be kept out of logs. */
  readonly known: () => readonly string[];
  /** Forgets what was minted: the next token is a new one. */
  readonly forget: () => void;
};

type Source = {
  /** The text of the secret; asked for each time, so that a rotated one is used at once. */
  readonly read: () => Promise<string>;
  readonly now: () => Date;
};

/**
 * Access to GitHub by whatever the secret holds. `where` names it in messages. @throws AuthenticationFailed, PermissionDenied (the App is not installed there),
 * and what GitHub may answer
 */
export const createAccessTokens = (
  { apiUrl, where }: { readonly apiUrl: string; readonly where: string },
  { read, now }: Source,
): AccessTokens => {
  const current: { text?: string; credential?: GitHubCredential; app?: ReturnType<typeof createAppTokens> } = {};
  const use = async (): Promise<typeof current> => {
    const text = await read();
    if (text === current.text) return current;
    const credential = parseGitHubCredential(text, where);
    const app = credential.kind === 'app' ? { app: createAppTokens(credential, { apiUrl }, { now }) } : {};
    delete current.app;
    return Object.assign(current, { text, credential, ...app });
  };
  return {
    of: async (scope) => {
      const { credential, app } = await use();
      if (app) return app.of(scope);
      return credential?.kind === 'token' ? credential.token : '';
    },
    grants: async (scope) => (await use()).app?.grants(scope) ?? null,
    known: () => {
      const { text, credential, app } = current;
      const key = credential?.kind === 'app' ? [credential.privateKey] : [];
      return [...(text === undefined ? [] : [text]), ...key, ...(app?.known() ?? [])];
    },
    forget: () => current.app?.forget(),
  };
};
