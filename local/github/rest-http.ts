import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { readAppToken, type StandInApp } from './apps';
import { rulesFor } from './branch-rules';
import type { GitHubDeps } from './graphql-http';
import { type Answer, sendAnswer } from './http-answer';
import { findRepository } from './resolvers/repository';
import { timestamp } from './timestamp';
import { tokenIn } from './tokens';

const INSTALLATION_SECONDS = 3_600;

const level = z.enum(['read', 'write']);
const askedFor = z.object({
  repositories: z.array(z.string()).optional(),
  permissions: z.record(z.string(), level).optional(),
});

const failed = (status: number, message: string): Answer => ({ status, body: { message, status: String(status) } });
const notFound = failed(404, 'Not Found');

const installationOf = (account: string, { installations }: StandInApp): Answer => {
  const found = installations.find((candidate) => candidate.account.toLowerCase() === account.toLowerCase());
  return found ? { status: 200, body: { id: found.id, account: { login: found.account } } } : notFound;
};

/** A token for one hour, for no more than was asked for and no more than the App has. */
const mint = (id: number, body: string, app: StandInApp, { tokens, clock, model }: GitHubDeps): Answer => {
  const installation = app.installations.find((candidate) => candidate.id === id);
  if (!installation) return notFound;
  const { repositories, permissions = app.permissions } = askedFor.parse(JSON.parse(body || '{}'));
  const isBeyond = Object.entries(permissions).some(
    ([name, wanted]) => app.permissions[name] !== wanted && app.permissions[name] !== 'write',
  );
  if (isBeyond) return failed(422, 'The permissions requested are not granted to this installation.');
  const names = repositories?.map((name) => `${installation.account}/${name}`.toLowerCase());
  const known = model.all('Repository').map(({ nameWithOwner }) => nameWithOwner.toLowerCase());
  if (names?.some((name) => !known.includes(name)))
    return failed(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  const expiresAt = timestamp(new Date(clock().getTime() + INSTALLATION_SECONDS * 1000));
  const canWrite = Object.values(permissions).includes('write');
  const viewer = { login: `${app.slug}[bot]`, canWrite, expiresAt, ...(names ? { repositories: names } : {}) };
  return { status: 201, body: { token: tokens.issue(viewer), expires_at: expiresAt, permissions } };
};

const answerApp = (method: string, path: string, app: StandInApp, body: string, deps: GitHubDeps): Answer => {
  const [, , account] = /^\/(orgs|users)\/([\w.-]+)\/installation$/.exec(path) ?? [];
  if (method === 'GET' && account !== undefined) return installationOf(account, app);
  const [, id] = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path) ?? [];
  if (method === 'POST' && id !== undefined) return mint(Number(id), body, app, deps);
  if (method === 'GET' && path === '/app')
    return { status: 200, body: { id: app.appId, slug: app.slug, permissions: app.permissions } };
  return notFound;
};

const isApp = (path: string): boolean =>
  path === '/app' || /^\/app\/|^\/(?:orgs|users)\/[\w.-]+\/installation$/.test(path);

/** What a token is good for stands in the headers of every answer; this one costs nothing. */
const rateLimit = (authorization: string | undefined, { tokens, limiter }: GitHubDeps): Answer => {
  const viewer = tokens.identify(authorization);
  if (viewer === null || viewer === 'unknown') return failed(401, 'Bad credentials');
  const { limit, remaining, used, resetAt } = limiter.read(viewer.login);
  const graphql = { limit, remaining, used, reset: Date.parse(resetAt) / 1000 };
  const headers = {
    ...(viewer.scopes ? { 'x-oauth-scopes': viewer.scopes.join(', ') } : {}),
    ...(viewer.shownExpiry ? { 'github-authentication-token-expiration': viewer.shownExpiry } : {}),
  };
  return { status: 200, headers, body: { resources: { graphql }, rate: graphql } };
};

const RULESET = /^\/repos\/([\w.-]+\/[\w.-]+)\/rulesets\/1$/;
const RULES = /^\/repos\/([\w.-]+\/[\w.-]+)\/rules\/branches\/(.+)$/;

/** The rules for a branch, which need not exist. */
const branchRules = (path: string, authorization: string | undefined, { tokens, model }: GitHubDeps): Answer => {
  const viewer = tokens.identify(authorization);
  if (viewer === null || viewer === 'unknown') return failed(401, 'Bad credentials');
  const [, nameWithOwner = '', branch = ''] = RULES.exec(path) ?? RULESET.exec(path) ?? [];
  const repository = findRepository(model, nameWithOwner);
  if (!repository) return notFound;
  if (RULESET.test(path))
    return { status: 200, body: { id: 1, current_user_can_bypass: viewer.mayBypass ? 'always' : 'never' } };
  const rules = rulesFor(repository, decodeURIComponent(branch));
  return { status: 200, body: rules.map(({ type }) => ({ type, ruleset_source_type: 'Repository', ruleset_id: 1 })) };
};

export const isRestPath = (path: string): boolean =>
  isApp(path) || path === '/rate_limit' || RULES.test(path) || RULESET.test(path);

/** Answers the few REST calls that have no counterpart in GraphQL. */
export const handleRest = async (
  incoming: IncomingMessage,
  response: ServerResponse,
  path: string,
  deps: GitHubDeps,
): Promise<void> => {
  const { method = 'GET', headers } = incoming;
  const body = await text(incoming);
  const faults = deps.faults.take([`${method} ${path}`]);
  const answered = (): Answer => {
    if (faults.some(({ kind }) => kind === 'unavailable')) return failed(502, 'Server Error');
    if (RULES.test(path) || RULESET.test(path)) return branchRules(path, headers.authorization, deps);
    if (!isApp(path)) return rateLimit(headers.authorization, deps);
    const known = readAppToken(tokenIn(headers.authorization ?? ''), deps.apps, deps.clock());
    return 'app' in known ? answerApp(method, path, known.app, body, deps) : failed(401, known.refusal);
  };
  const answer = answered();
  const at = timestamp(deps.clock());
  const kinds = faults.map(({ kind }) => kind);
  deps.log.add({
    at,
    kind: 'rest',
    operations: [`${method} ${path}`],
    login: null,
    cost: 0,
    status: answer.status,
    faults: kinds,
  });
  sendAnswer(response, { ...answer, headers: { date: deps.clock().toUTCString(), ...answer.headers } });
};
