import { join } from 'node:path';
import { createTables } from '../aws/create-tables';
import { createObjectStore, type ObjectStore } from '../aws/object-store';
import { checkBundles, plantBundles } from '../aws/plant-bundles';
import { createSqs, type Sqs } from '../aws/sqs';
import { createStoredValues, type StoredValues } from '../aws/stored-values';
import type { Site } from './site';

/** All that is kept: what the stacks define exists, and what was there before is still there. */
export type Stores = {
  readonly objects: ObjectStore;
  readonly secrets: StoredValues;
  readonly parameters: StoredValues;
  readonly queue: Sqs;
};

export const openStores = async (site: Site, dynamoDbPort: number): Promise<Stores> => {
  const { folder, description, names, clock } = site;
  const { now } = clock;
  const objects = createObjectStore(join(folder, 's3'), { buckets: description.buckets, now });
  await plantBundles(site.bundlesFolder, names.releasesBucket, objects);
  checkBundles(description.functions, objects);
  await createTables(description.tables, dynamoDbPort);
  const parameters = createStoredValues(join(folder, 'parameters.json'), now);
  for (const { name, initialValue } of description.parameters)
    if (!parameters.get(name) && initialValue !== '') parameters.put(name, initialValue);
  return {
    objects,
    parameters,
    secrets: createStoredValues(join(folder, 'secrets.json'), now),
    queue: createSqs({ file: join(folder, 'sqs.json'), queues: description.queues, now }),
  };
};
