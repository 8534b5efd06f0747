import { existsSync, readFileSync } from 'node:fs';
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
  const remembered = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const endpoints = await openEndpoints(remembered).catch((error: unknown) => {
    if (hasCode(error, 'PortInUse')) return openEndpoints(0);
    throw error;
  });
  writeFileAtomically(file, new URL(endpoints.url).port);
  return endpoints;
};

/** Claims the folder, ends what an earlier process left running, opens the ports. */
export const openGround = async (folder: string, port: number, closers: Closers): Promise<CloudGround> => {
  closers.add(claimStateFolder(folder));
  const children = openChildLedger(join(folder, 'children.json'));
  children.endLeftovers();
  const endpoints = port === 0 ? await openRemembered(join(folder, 'port')) : await openEndpoints(port);
  closers.add(endpoints.close);
  const dynamoDb = await startDynamoDb(join(folder, 'dynamodb'));
  closers.add(dynamoDb.close);
  return { endpoints, dynamoDb, children };
};
