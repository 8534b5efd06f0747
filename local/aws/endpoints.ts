import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import { AwsError, statusOf } from './aws-error';
import type { ObjectStore } from './object-store';
import { handleS3, s3ErrorBody } from './s3';
import type { JsonService } from './service';
import { type Credentials, verifySignature } from './verify-signature';

export type EndpointsOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  readonly credentials: Credentials;
  readonly services: readonly JsonService[];
  readonly objects: ObjectStore;
  /** Where DynamoDB listens; its requests are handed on after their signature has been checked. */
  readonly dynamoDbPort: number;
};

export type Endpoints = { readonly url: string; readonly close: () => Promise<void> };

const MAX_JSON_BODY = 16 * 1024 * 1024;

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_JSON_BODY) throw new AwsError('RequestEntityTooLarge', 'The request is too large.', 413);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
};

/** AWS's JSON protocols write a moment as seconds since 1970, with a fraction. */
const toWire = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [name, toWire(member)]),
    );
  return value;
};

const answerJson = (response: ServerResponse, status: number, contentType: string, body: object): void => {
  response.writeHead(status, {
    'content-type': contentType,
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
  });
  response.end(JSON.stringify(body));
};

/** What a service raised, as the client expects it: its own exceptions by name, ours and zod's as a validation error. */
const asAwsError = (error: unknown): Error =>
  error instanceof z.ZodError ? new AwsError('ValidationException', z.prettifyError(error)) : (error as Error);

const handOn = (request: IncomingMessage, response: ServerResponse, body: Buffer, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const { method, headers, url } = request;
    const onward = httpRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response).on('finish', () => resolve());
    });
    onward.on('error', reject);
    onward.end(body);
  });

const handleJson = async (
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  { credentials, services, dynamoDbPort }: EndpointsOptions,
): Promise<void> => {
  const [prefix = '', operation = ''] = target.split('.');
  const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
  const contentType = service?.contentType ?? 'application/x-amz-json-1.0';
  try {
    const body = await readBody(request);
    const role = verifySignature(request, body, credentials);
    if (prefix.startsWith('DynamoDB_')) return await handOn(request, response, body, dynamoDbPort);
    if (!service) throw new AwsError('UnknownOperationException', `No service answers ${target} here.`);
    const output = await service.handle(operation, body.length > 0 ? JSON.parse(body.toString('utf8')) : {}, role);
    answerJson(response, 200, contentType, toWire(output ?? {}) as object);
  } catch (raised) {
    const error = asAwsError(raised);
    answerJson(response, statusOf(error), contentType, { __type: error.name, message: error.message });
  }
};

const handleRest = async (
  request: IncomingMessage,
  response: ServerResponse,
  options: EndpointsOptions,
): Promise<void> => {
  try {
    verifySignature(request, null, options.credentials);
    await handleS3(request, response, options.objects);
  } catch (raised) {
    const error = asAwsError(raised);
    if (response.headersSent) response.destroy();
    else {
      response.writeHead(statusOf(error), { 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? undefined : s3ErrorBody(error));
    }
  }
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new WorkerError('PortInUse', `Port ${port} is in use.`, 'Free it, or choose another one with --port.')
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** One HTTP server for all of AWS on this machine: real SDK clients reach it by AWS_ENDPOINT_URL. Every request must be signed. */
export const startAwsEndpoints = async (options: EndpointsOptions): Promise<Endpoints> => {
  const server = createServer((request, response) => {
    const target = request.headers['x-amz-target'];
    void (typeof target === 'string'
      ? handleJson(target, request, response, options)
      : handleRest(request, response, options));
  });
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
