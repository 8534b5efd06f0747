import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';
import { AwsError, statusOf } from './aws-error';
import { type DynamoDbAddress, dynamoDbAuthorization } from './dynamodb';
import { readBody } from './read-body';
import type { JsonService } from './service';
import { type Credentials, verifySignature } from './verify-signature';

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

/** What a service raised, as the client expects it: its own exceptions by name, zod's and a broken JSON as a validation error. */
const asAwsError = (error: unknown): Error => {
  if (error instanceof z.ZodError) return new AwsError('ValidationException', z.prettifyError(error));
  return error instanceof SyntaxError ? new AwsError('SerializationException', error.message) : (error as Error);
};

/** DynamoDB's own server answers; whoever asks has been checked here. */
const handOn = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  address: DynamoDbAddress,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const { method, url } = request;
    const headers = { ...request.headers, authorization: dynamoDbAuthorization(address) };
    const onward = httpRequest({ host: '127.0.0.1', port: address.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response).on('finish', () => resolve());
    });
    onward.on('error', reject);
    onward.end(body);
  });

export type JsonProtocolDeps = {
  readonly credentials: Credentials;
  readonly services: readonly JsonService[];
  /** Its requests are handed on after their signature has been checked. */
  readonly dynamoDb: DynamoDbAddress;
};

/** Answers a request of awsJson1_0 or awsJson1_1: `target` is `<service>.<operation>`. */
export const answerJson = async (
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  { credentials, services, dynamoDb }: JsonProtocolDeps,
): Promise<void> => {
  const [prefix = '', operation = ''] = target.split('.');
  const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, {
      'content-type': service?.contentType ?? 'application/x-amz-json-1.0',
      'x-amzn-requestid': randomUUID(),
    });
    response.end(JSON.stringify(body));
  };
  try {
    const body = await readBody(request);
    const { role } = verifySignature(request, body, credentials);
    if (prefix.startsWith('DynamoDB_')) return await handOn(request, response, body, dynamoDb);
    if (!service) throw new AwsError('UnknownOperationException', `No service answers ${target} here.`);
    const output = await service.handle(operation, body.length > 0 ? JSON.parse(body.toString('utf8')) : {}, role);
    send(200, toWire(output ?? {}));
  } catch (raised) {
    const error = asAwsError(raised);
    if (response.headersSent) response.destroy();
    else send(statusOf(error), { __type: error.name, message: error.message });
  }
};
