import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, statusOf } from './aws-error';
import type { ObjectStore } from './object-store';
import { readBody } from './read-body';
import { handleS3, s3ErrorBody } from './s3';
import type { RestService } from './service';
import { type Caller, type Credentials, verifySignature } from './verify-signature';

export type RestProtocolDeps = {
  readonly credentials: Credentials;
  readonly rest: readonly RestService[];
  readonly objects: ObjectStore;
  readonly account: string;
};

const answerS3 = async (request: IncomingMessage, response: ServerResponse, deps: RestProtocolDeps): Promise<void> => {
  try {
    await handleS3(request, response, deps);
  } catch (raised) {
    refuseInXml(request, response, raised as Error);
  }
};

const refuseInXml = (request: IncomingMessage, response: ServerResponse, error: Error): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(statusOf(error), { 'content-type': 'application/xml', 'x-amz-request-id': randomUUID() });
  response.end(request.method === 'HEAD' ? undefined : s3ErrorBody(error));
  request.resume(); // what is still being sent is of no use, but has to arrive
};

const answerRest = async (
  { service, role }: Caller,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  { rest }: RestProtocolDeps,
): Promise<void> => {
  const send = (status: number, headers: Readonly<Record<string, string>>, text: string): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers });
    response.end(text);
  };
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  try {
    const found = rest.find((candidate) => candidate.service === service);
    if (!found) throw new AwsError('UnknownOperationException', `No service answers ${service} ${path} here.`, 404);
    const headers = request.headers as Readonly<Record<string, string | undefined>>;
    const answer = await found.handle({ method: request.method ?? '', path, headers, body }, role);
    send(answer.status, answer.headers, answer.body);
  } catch (raised) {
    const { name, message } = raised as Error;
    send(statusOf(raised), { 'x-amzn-errortype': name }, JSON.stringify({ message }));
  }
};

/** Answers a request without an operation name: S3, or a service with paths of its own. The signature says which service is meant. */
export const answerByPath = async (
  request: IncomingMessage,
  response: ServerResponse,
  deps: RestProtocolDeps,
): Promise<void> => {
  try {
    // S3's bodies are streamed; they are checked against their declared hash once they have arrived.
    const isS3 = / Credential=[^,]+\/s3\/aws4_request/.test(request.headers.authorization ?? '');
    const body = isS3 ? null : await readBody(request);
    const caller = verifySignature(request, body, deps.credentials);
    await (body === null ? answerS3(request, response, deps) : answerRest(caller, body, request, response, deps));
  } catch (raised) {
    refuseInXml(request, response, raised as Error);
  }
};
