import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { Level } from 'level';
import { WorkerError } from '../../domain/errors';

/** Where DynamoDB listens, and the access key id by which it knows us: it checks no signature, and every process of this machine can find a port. */
export type DynamoDbAddress = { readonly port: number; readonly key: string };
export type DynamoDb = DynamoDbAddress & { readonly close: () => Promise<void> };

/** What a request must carry to be answered; its signature may be anything. */
export const dynamoDbAuthorization = ({ key }: DynamoDbAddress): string =>
  `AWS4-HMAC-SHA256 Credential=${key}/20300101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;

const guard =
  (key: string, answer: RequestListener): RequestListener =>
  (request, response) => {
    if (request.headers.authorization?.includes(` Credential=${key}/`)) return answer(request, response);
    request.resume();
    response.writeHead(403).end();
  };

/** dynalite throws where nobody can catch it when its database cannot be opened: so it is opened here first. */
const checkDatabase = async (folder: string): Promise<void> => {
  const database = new Level(folder);
  try {
    await database.open();
  } catch (error) {
    const { cause } = error as Error;
    throw new WorkerError(
      'ValidationError',
      `The local DynamoDB in ${folder} cannot be opened: ${((cause ?? error) as Error).message}`,
      'Put the folder back from a copy, or begin anew: kiro-worker local reset removes all local state.',
      { cause: error },
    );
  }
  await database.close();
};

/** DynamoDB by dynalite, on disk, for this process alone. The folder must be claimed: two processes on it would end each other. */
export const startDynamoDb = async (folder: string): Promise<DynamoDb> => {
  mkdirSync(folder, { recursive: true });
  await checkDatabase(folder);
  const key = randomBytes(24).toString('hex');
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  for (const answer of server.listeners('request') as RequestListener[])
    server.off('request', answer).on('request', guard(key, answer));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    key,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
