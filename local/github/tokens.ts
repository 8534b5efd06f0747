import type { Token } from './context';

export type Viewer = Omit<Token, 'token'>;

/** Who a request comes from: `null` without credentials, `unknown` with wrong ones. */
export type Identity = Viewer | 'unknown' | null;

const tokenIn = (authorization: string): string => {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'basic') return credentials;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
};

/** `token X`, `bearer X` and Basic with the token as password (the user name is `x-access-token` by custom, and free). */
export const identify = (authorization: string | undefined, tokens: readonly Token[]): Identity => {
  if (!authorization) return null;
  const given = tokenIn(authorization);
  const known = tokens.find(({ token }) => token === given);
  return known ? { login: known.login, canWrite: known.canWrite } : 'unknown';
};
