import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../../domain/errors';
import { type DynamoDb, startDynamoDb } from '../aws/dynamodb';
import { type Endpoints, openEndpoints } from '../aws/endpoints';
import { type ChildLedger, openChildLedger } from '../child-ledger';
import { claimStateFolder, writeFileAtomically } from '../state-folder';
import type { Closers } from './closers';

export type CloudGround = {
  readonly endpoints: Endpoints;
  readonly dynamoDb: DynamoDb;
  readonly children: ChildLedger;
};

/** The port of the last run, so that queue URLs stay what they were; any free one when somebody else has it by now. */
const openRemembered = async (file: string): Promise<Endpoints> => {
  const noted = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const remembered = /^\d{1,5}$/.test(noted) && Number(noted) <= 65_535 ? Number(noted) : 0;
  const endpoints = await openEndpoints(remembered).catch((error: unknown) => {
    if (hasCode(error, 'PortInUse')) return openEndpoints(0);
    throw error;
  });
  writeFileAtomically(file, new URL(endpoints.url).port);
  return endpoints;
};

/** The file that says that the tables have been created. */
export const tablesMark = (folder: string): string => join(folder, 'dynamodb-created');

/** Nobody but us has business in these, least of all the unprivileged user of a build. */
const closeFolders = (folder: string): void => {
  for (const name of ['builds', 'dynamodb', 'lambda', 's3', 'states']) {
    mkdirSync(join(folder, name), { recursive: true });
    chmodSync(join(folder, name), 0o700);
  }
};

/** Claims the folder, ends what an earlier process left running, opens the ports. */
export const openGround = async (folder: string, port: number, closers: Closers): Promise<CloudGround> => {
  closers.add(claimStateFolder(folder));
  const children = openChildLedger(join(folder, 'children.json'));
  children.endLeftovers();
  const endpoints = port === 0 ? await openRemembered(join(folder, 'port')) : await openEndpoints(port);
  closers.add(endpoints.close);
  const tables = join(folder, 'dynamodb');
  // Without the mark an earlier process was killed while it created the tables: nothing is in them yet, and half a table stays half.
  if (!existsSync(tablesMark(folder))) rmSync(tables, { recursive: true, force: true });
  closeFolders(folder);
  const dynamoDb = await startDynamoDb(tables);
  closers.add(dynamoDb.close);
  return { endpoints, dynamoDb, children };
};
