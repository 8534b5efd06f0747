import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { WorkerError } from '../../domain/errors';
import { handleGit, parseGitRequest } from './git-http';
import { type GitHubDeps, handleGraphql } from './graphql-http';
import { sendAnswer } from './http-answer';
import { handleRest, isRestPath } from './rest-http';

const route = async (incoming: IncomingMessage, response: ServerResponse, deps: GitHubDeps): Promise<void> => {
  const method = incoming.method ?? 'GET';
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  if (method === 'POST' && (url.pathname === '/graphql' || url.pathname === '/api/graphql')) {
    await handleGraphql(incoming, response, deps);
    return;
  }
  const git = parseGitRequest(method, url);
  if (git) {
    await handleGit(git, incoming, response, deps);
    return;
  }
  if (isRestPath(url.pathname)) {
    await handleRest(incoming, response, url.pathname, deps);
    return;
  }
  incoming.resume();
  sendAnswer(response, { status: 404, body: { message: 'Not Found', status: '404' } });
};

/** A fault of the stand-in itself: said in the answer, since there is nobody else to tell. */
const failLoudly = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent || response.destroyed) response.destroy();
  else sendAnswer(response, { status: 500, body: { message: `The local GitHub failed: ${String(error)}` } });
};

/** Listens on loopback only. Port 0 takes a free one. @throws WorkerError PortInUse */
export const listen = (port: number, deps: GitHubDeps): Promise<Server> => {
  const server = createServer((incoming, response) => {
    route(incoming, response, deps).catch((error) => failLoudly(response, error));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const message = `Port ${port} of this machine is in use.`;
      reject(isTaken ? new WorkerError('PortInUse', message, 'Choose another, or 0 for a free one.') : error);
    });
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
};
