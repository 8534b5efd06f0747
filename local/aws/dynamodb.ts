import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { WorkerError } from '../../domain/errors';

/** DynamoDB by dynalite, on disk; on a port of its own that only this process knows. A second process on the same folder gets StateInUse. */
export const startDynamoDb = async (
  folder: string,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> => {
  mkdirSync(folder, { recursive: true });
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  }).catch((error: unknown) => {
    throw new WorkerError('StateInUse', `The tables in ${folder} cannot be opened.`, 'Is another process using them?', {
      cause: error,
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
