import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { WorkerError } from '../../domain/errors';
import { askDynamoDb } from './ask-dynamodb';

export type DynamoDb = { readonly port: number; readonly close: () => Promise<void> };

/** DynamoDB by dynalite, on disk; on a port of its own that only this process knows. A second process on the same folder gets StateInUse. */
export const startDynamoDb = async (folder: string): Promise<DynamoDb> => {
  mkdirSync(folder, { recursive: true });
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  // The database is opened at the first request: only that shows whether it can be.
  const first = await askDynamoDb(port, 'ListTables', {});
  if (first.status === 200) return { port, close };
  await close();
  throw new WorkerError('StateInUse', `The tables in ${folder} cannot be opened.`, 'Is another process using them?');
};
