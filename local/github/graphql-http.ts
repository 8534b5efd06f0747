import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { GraphQLSchema } from 'graphql';
import type { StandInApp } from './apps';
import type { Context } from './context';
import { faultAnswer, rateLimitedBody } from './fault-answer';
import type { Faults } from './faults';
import type { GitReader } from './git-reader';
import { answerRequest, type ReadRequest } from './graphql-request';
import { type Answer, sendAnswer } from './http-answer';
import type { Model } from './model';
import type { RateLimiter } from './rate-limit';
import type { RequestLog } from './request-log';
import { timestamp } from './timestamp';
import type { TokenBook, Viewer } from './tokens';

export type GitHubDeps = {
  readonly schema: GraphQLSchema;
  readonly readRequest: (text: string) => ReadRequest;
  readonly model: Model;
  readonly git: GitReader;
  readonly faults: Faults;
  readonly limiter: RateLimiter;
  readonly log: RequestLog;
  readonly tokens: TokenBook;
  readonly apps: readonly StandInApp[];
  readonly clock: () => Date;
  readonly delay: (milliseconds: number) => Promise<void>;
  readonly searchPath: string;
  readonly serverUrl: () => string;
};

const COST = 1;

const DOCUMENTATION = 'https://docs.github.com/graphql';

const unauthorized = (message: string): Answer => ({
  status: 401,
  body: { message, documentation_url: DOCUMENTATION, status: '401' },
});

const answerSound = async (
  request: Extract<ReadRequest, { kind: 'sound' }>,
  viewer: Viewer,
  deps: GitHubDeps,
): Promise<Answer> => {
  if (!deps.limiter.spend(viewer.login, COST)) return { status: 200, body: rateLimitedBody(viewer.login) };
  const context: Context = {
    model: deps.model,
    git: deps.git,
    faults: deps.faults,
    viewer,
    now: () => timestamp(deps.clock()),
    serverUrl: deps.serverUrl(),
    rateLimit: { cost: COST, nodeCount: request.nodeCount, state: deps.limiter.read(viewer.login) },
  };
  return { status: 200, body: await answerRequest(request, deps.schema, context) };
};

const unsoundAnswer = (request: ReadRequest): Answer =>
  request.kind === 'unsound'
    ? { status: request.status, body: request.body }
    : { status: 500, body: { message: 'This fault replaces no answer of the API.' } };

const limitHeaders = (login: string, { limiter }: GitHubDeps): Readonly<Record<string, string>> => {
  const { limit, remaining, used, resetAt } = limiter.read(login);
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(Date.parse(resetAt) / 1000),
    'x-ratelimit-resource': 'graphql',
  };
};

/** Answers one POST to the GraphQL endpoint, with the faults that are armed for it. */
export const handleGraphql = async (
  incoming: IncomingMessage,
  response: ServerResponse,
  deps: GitHubDeps,
): Promise<void> => {
  const viewer = deps.tokens.identify(incoming.headers.authorization);
  const body = await text(incoming);
  if (viewer === null || viewer === 'unknown') {
    const words = viewer === null ? 'This endpoint requires you to be authenticated.' : 'Bad credentials';
    deps.log.add({
      at: timestamp(deps.clock()),
      kind: 'graphql',
      operations: [],
      login: null,
      cost: 0,
      status: 401,
      faults: [],
    });
    sendAnswer(response, unauthorized(words));
    return;
  }
  const request = deps.readRequest(body);
  const operations = request.kind === 'sound' ? request.names : [];
  const faults = deps.faults.take(operations);
  const wait = faults.reduce((sum, fault) => sum + (fault.kind === 'latency' ? fault.milliseconds : 0), 0);
  if (wait > 0) await deps.delay(wait);

  const [fault] = faults.filter(({ kind }) => kind !== 'latency');
  const isCarriedOut = request.kind === 'sound' && (!fault || fault.afterEffect === true);
  const real = isCarriedOut ? await answerSound(request, viewer, deps) : null;
  const instead = fault ? faultAnswer(fault, viewer.login) : null;
  const answer: Answer = instead ?? real ?? unsoundAnswer(request);
  const isCut = fault?.kind === 'connection-reset';
  deps.log.add({
    at: timestamp(deps.clock()),
    kind: 'graphql',
    operations,
    login: viewer.login,
    cost: isCarriedOut ? COST : 0,
    status: isCut ? 0 : answer.status,
    faults: faults.map(({ kind }) => kind),
  });
  if (isCut) {
    incoming.socket.resetAndDestroy();
    return;
  }
  sendAnswer(response, { ...answer, headers: { ...limitHeaders(viewer.login, deps), ...answer.headers } });
};
