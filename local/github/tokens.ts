import { randomBytes } from 'node:crypto';
import type { Token } from './context';

export type Viewer = Omit<Token, 'token'>;

/** Who a request comes from: `null` without credentials, `unknown` with wrong or expired ones. */
export type Identity = Viewer | 'unknown' | null;

/** The tokens that are valid; those of GitHub Apps come in while it runs. */
export type TokenBook = {
  identify(authorization: string | undefined): Identity;
  /** Makes a token and gives its value. */
  issue(viewer: Viewer): string;
};

/** `token X`, `bearer X` and Basic with the token as password (the user name is `x-access-token` by custom, and free). */
export const tokenIn = (authorization: string): string => {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'basic') return credentials;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
};

export const createTokenBook = (given: readonly Token[], clock: () => Date): TokenBook => {
  const issued = new Map<string, Viewer>();
  const find = (token: string): Viewer | undefined => {
    const known = given.find((candidate) => candidate.token === token);
    if (!known) return issued.get(token);
    const { token: _, ...viewer } = known;
    return viewer;
  };
  return {
    identify: (authorization) => {
      if (!authorization) return null;
      const viewer = find(tokenIn(authorization));
      const isOver = viewer?.expiresAt !== undefined && Date.parse(viewer.expiresAt) <= clock().getTime();
      return viewer && !isOver ? viewer : 'unknown';
    },
    issue: (viewer) => {
      const token = `ghs_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
      issued.set(token, viewer);
      return token;
    },
  };
};
