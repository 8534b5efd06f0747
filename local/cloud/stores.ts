import { join } from 'node:path';
import { createTables } from '../aws/create-tables';
import type { DynamoDbAddress } from '../aws/dynamodb';
import { createObjectStore, type ObjectStore } from '../aws/object-store';
import { createSqs, type Sqs } from '../aws/sqs';
import { createStoredValues, type StoredValues } from '../aws/stored-values';
import { uploadObjects } from '../aws/upload-objects';
import type { Deposits } from '../stacks/describe-environment';
import { writeFileAtomically } from '../state-folder';
import { tablesMark } from './ground';
import type { Site } from './site';

/** All that is kept: what the stacks define exists, and what was there before is still there. */
export type Stores = {
  readonly objects: ObjectStore;
  readonly secrets: StoredValues;
  readonly parameters: StoredValues;
  readonly queue: Sqs;
};

/** Buckets with what an apply uploads. */
export const openObjects = async (
  { stateFolder, bundlesFolder }: Pick<Site, 'stateFolder' | 'bundlesFolder'>,
  { buckets, objects }: Deposits,
  now: () => Date,
): Promise<ObjectStore> => {
  const store = createObjectStore(join(stateFolder, 's3'), { buckets, now });
  await uploadObjects(bundlesFolder, objects, store);
  return store;
};

export const openStores = async (site: Site, objects: ObjectStore, dynamoDb: DynamoDbAddress): Promise<Stores> => {
  const { stateFolder, description, clock } = site;
  const { now } = clock;
  await createTables(description.tables, dynamoDb);
  writeFileAtomically(tablesMark(stateFolder), '');
  const parameters = createStoredValues(now, join(stateFolder, 'parameters.json'));
  for (const { name, initialValue } of description.parameters)
    if (!parameters.get(name) && initialValue !== '') parameters.put(name, initialValue);
  return {
    objects,
    parameters,
    secrets: createStoredValues(now),
    queue: createSqs({ file: join(stateFolder, 'sqs.json'), queues: description.queues, now }),
  };
};
