import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { pushRefusalOf } from './branch-rules';
import { faultAnswer } from './fault-answer';
import type { Fault } from './faults';
import { type GitRun, type GitService, runGitService } from './git-service';
import type { GitHubDeps } from './graphql-http';
import { runGuardedPush } from './guarded-push';
import { type Answer, sendAnswer } from './http-answer';
import { FLUSH, pktLine } from './pkt-line';
import type { RecordOf } from './records';
import { findRepository } from './resolvers/repository';
import { timestamp } from './timestamp';
import type { Identity } from './tokens';

/** What a request to `/OWNER/REPO.git/…` asks for. */
export type GitRequest = { readonly nameWithOwner: string; readonly service: GitService; readonly advertise: boolean };

const route = /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

const isService = (name: string | null | undefined): name is GitService =>
  name === 'git-upload-pack' || name === 'git-receive-pack';

/** Null when the address is not one of git's; the old protocol without `service` is not spoken. */
export const parseGitRequest = (method: string, url: URL): GitRequest | null => {
  const [, nameWithOwner, action] = route.exec(url.pathname) ?? [];
  const advertise = action === 'info/refs';
  const service = advertise ? url.searchParams.get('service') : action;
  if (nameWithOwner === undefined || !isService(service) || method !== (advertise ? 'GET' : 'POST')) return null;
  return { nameWithOwner, service, advertise };
};

type Repository = RecordOf<'Repository'>;

const refuse = (
  { nameWithOwner, service }: GitRequest,
  identity: Identity,
  repository: Repository | undefined,
): Answer | null => {
  const challenge = { 'www-authenticate': 'Basic realm="GitHub"' };
  if (identity === null) return { status: 401, headers: challenge, body: 'Repository not found.\n' };
  if (identity === 'unknown') {
    return {
      status: 401,
      headers: challenge,
      body: 'Invalid username or token. Password authentication is not supported for Git operations.\n',
    };
  }
  const isReached = !identity.repositories || identity.repositories.includes(nameWithOwner.toLowerCase());
  if (!repository || !isReached) return { status: 404, body: 'Repository not found.\n' };
  if (service === 'git-upload-pack') return null;
  if (!identity.canWrite) {
    return { status: 403, body: `Permission to ${nameWithOwner}.git denied to ${identity.login}.\n` };
  }
  return repository.isArchived ? { status: 403, body: 'This repository was archived so it is read-only.\n' } : null;
};

const serve = async (
  { service, advertise }: GitRequest,
  repository: Repository,
  incoming: IncomingMessage,
  output: ServerResponse | PassThrough,
  deps: GitHubDeps,
): Promise<void> => {
  const header = incoming.headers['git-protocol'];
  // receive-pack speaks version 2 with nobody; upload-pack announces it without the service line.
  const protocol = typeof header === 'string' && service === 'git-upload-pack' ? header : undefined;
  const input: Readable = incoming.headers['content-encoding'] === 'gzip' ? incoming.pipe(createGunzip()) : incoming;
  const run: GitRun = { service, path: repository.path, advertise, protocol, input, output };
  if (advertise && !/version=2/.test(protocol ?? '')) {
    output.write(Buffer.concat([pktLine(`# service=${service}\n`), FLUSH]));
  }
  const isGuarded = service === 'git-receive-pack' && !advertise;
  if (isGuarded && repository.protectedBranches.length + repository.rules.length > 0)
    await runGuardedPush(run, (ref) => pushRefusalOf(repository, ref), deps);
  else await runGitService(run, deps);
};

const headersOf = ({ service, advertise }: GitRequest): Record<string, string> => ({
  'content-type': `application/x-${service}-${advertise ? 'advertisement' : 'result'}`,
  'cache-control': 'no-cache, max-age=0, must-revalidate',
});

/** GitHub's limit answers are JSON; git shows text. A limit "as 200" has no meaning here. */
const gitFault = (fault: Fault, login: string): Answer | null => {
  const answer = faultAnswer(fault.kind === 'rate-limit' ? { ...fault, status: 403 } : fault, login);
  if (!answer) return null;
  const message = 'message' in Object(answer.body) ? (answer.body as { message: string }).message : 'Server Error';
  return { ...answer, body: `${message}\n` };
};

/** Serves one request of a git client, with the faults that are armed for its service. */
export const handleGit = async (
  request: GitRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
  deps: GitHubDeps,
): Promise<void> => {
  const identity = deps.tokens.identify(incoming.headers.authorization);
  const repository = findRepository(deps.model, request.nameWithOwner);
  const refusal = refuse(request, identity, repository);
  const login = identity === null || identity === 'unknown' ? null : identity.login;
  const operations = [request.advertise ? `${request.service}:refs` : request.service];
  const faults = refusal ? [] : deps.faults.take(operations);
  const wait = faults.reduce((sum, fault) => sum + (fault.kind === 'latency' ? fault.milliseconds : 0), 0);
  if (wait > 0) await deps.delay(wait);
  const [fault] = faults.filter(({ kind }) => kind !== 'latency');
  const answer = refusal ?? (fault ? gitFault(fault, login ?? '') : null);
  const isCut = fault?.kind === 'connection-reset';
  const status = isCut ? 0 : (answer?.status ?? 200);
  const kinds = faults.map(({ kind }) => kind);
  deps.log.add({ at: timestamp(deps.clock()), kind: 'git', operations, login, cost: 0, status, faults: kinds });

  if (fault?.afterEffect && repository) {
    const unheard = new PassThrough();
    unheard.resume();
    await serve(request, repository, incoming, unheard, deps);
  }
  if (isCut) incoming.socket.resetAndDestroy();
  else if (answer) {
    incoming.resume(); // a client that is still sending would not listen
    sendAnswer(response, answer);
  } else if (repository) {
    response.writeHead(200, headersOf(request));
    await serve(request, repository, incoming, response, deps);
  }
};
