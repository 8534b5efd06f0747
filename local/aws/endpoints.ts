import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WorkerError } from '../../domain/errors';
import { answerJson, type JsonProtocolDeps } from './json-protocol';
import { answerByPath, type RestProtocolDeps } from './rest-protocol';

export type Endpoints = {
  readonly url: string;
  /** Begins to answer. Requests that came before wait for this. */
  readonly serve: (deps: JsonProtocolDeps & RestProtocolDeps) => void;
  readonly close: () => Promise<void>;
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new WorkerError(
              'PortInUse',
              error.code === 'EACCES' ? `Port ${port} is kept for root.` : `Port ${port} is in use.`,
              'Free it, or choose another one with --port.',
            )
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * One HTTP server for all of AWS on this machine: real SDK clients reach it by AWS_ENDPOINT_URL. Every request must be signed. Port 0
 * takes a free one.
 */
export const openEndpoints = async (port: number): Promise<Endpoints> => {
  let begin: (answer: Answer) => void = () => undefined;
  const ready = new Promise<Answer>((resolve) => {
    begin = resolve;
  });
  const server = createServer((request, response) => {
    void ready.then((answer) => answer(request, response));
  });
  return {
    url: `http://127.0.0.1:${await listen(server, port)}`,
    serve: (deps) =>
      begin((request, response) => {
        const target = request.headers['x-amz-target'];
        return typeof target === 'string'
          ? answerJson(target, request, response, deps)
          : answerByPath(request, response, deps);
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
