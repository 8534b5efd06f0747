import { WorkerError } from './errors';
import { isLoopback } from './is-loopback';

/** Where GitHub is. No slash at the end. */
export type GitHubAddress = {
  /** For REST; GraphQL is beside it: `https://api.github.com`, `https://HOST/api/v3`. */
  readonly apiUrl: string;
  /** Repositories are at `SERVER/OWNER/NAME.git`. */
  readonly serverUrl: string;
};

type Variables = Readonly<Record<string, string | undefined>>;

/** A credential goes there: never in clear, except to this very machine. */
const checkedUrl = (name: string, text: string): URL => {
  const refuse = (what: string) => new WorkerError('ValidationError', `${name} ${what}.`, 'Correct the variable.');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('is no URL');
  }
  if (url.username !== '' || url.password !== '') throw refuse('holds a user or password');
  if (url.search !== '' || url.hash !== '') throw refuse('holds more than a server and a path');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw refuse('is not https: a credential would travel in clear');
  return url;
};

const withoutSlash = (url: URL): string => url.href.replace(/\/+$/, '');

/** GitHub itself has a host for its API; GitHub Enterprise Server has a path; what listens on this machine has neither. */
const apiOf = (server: URL): string => {
  if (server.hostname === 'github.com') return 'https://api.github.com';
  if (server.hostname.endsWith('.ghe.com')) return `https://api.${server.host}`;
  return isLoopback(server.hostname) ? withoutSlash(server) : `${withoutSlash(server)}/api/v3`;
};

const serverOf = (api: URL): string => {
  if (api.pathname === '/' && api.hostname.startsWith('api.')) return `https://${api.host.slice('api.'.length)}`;
  return withoutSlash(api).replace(/\/api\/v3$/, '');
};

/** The REST address that belongs to a GraphQL address. */
const restOf = (graphqlUrl: string): string =>
  graphqlUrl.replace(/\/api\/graphql\/?$/, '/api/v3').replace(/\/graphql\/?$/, '');

/**
 * GitHub's addresses from the variables that GitHub's own runners set too: GITHUB_API_URL or GITHUB_GRAPHQL_URL, and GITHUB_SERVER_URL. One follows from
 * the other; without any it is github.com. @throws WorkerError ValidationError
 */
export const githubAddress = (variables: Variables): GitHubAddress => {
  const { GITHUB_API_URL: api, GITHUB_GRAPHQL_URL: graphql, GITHUB_SERVER_URL: server } = variables;
  const named = api
    ? checkedUrl('GITHUB_API_URL', api)
    : graphql
      ? checkedUrl('GITHUB_GRAPHQL_URL', restOf(checkedUrl('GITHUB_GRAPHQL_URL', graphql).href))
      : null;
  const serverUrl = server ? checkedUrl('GITHUB_SERVER_URL', server) : null;
  if (named) return { apiUrl: withoutSlash(named), serverUrl: serverUrl ? withoutSlash(serverUrl) : serverOf(named) };
  const at = serverUrl ?? new URL('https://github.com');
  return { apiUrl: apiOf(at), serverUrl: withoutSlash(at) };
};
