import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

export type DynamoDb = { readonly port: number; readonly close: () => Promise<void> };

/** DynamoDB by dynalite, on disk; on a port of its own that only this process knows. The folder must be claimed: two processes on it would end each other. */
export const startDynamoDb = async (folder: string): Promise<DynamoDb> => {
  mkdirSync(folder, { recursive: true });
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
