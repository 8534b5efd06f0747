import { setTimeout as pause } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { createArtifactStore } from '../../adapters/aws/artifact-store';
import { STEERING_MANIFEST } from '../../domain/steering-package';
import { steeringPrefix } from '../../local/runs/steering-prefix';
import type { LocalSession } from '../open-local';
import type { FoundSteering } from './find-steering';

/** Puts a package into the releases bucket of a cloud on this machine, where the checkouts of the run find it. */
export const addSteering = async ({ content, setting }: FoundSteering, { worker }: LocalSession): Promise<void> => {
  const { url, environment, operator, names } = worker.cloud;
  const client = new S3Client({
    endpoint: url,
    region: environment.region,
    credentials: operator,
    forcePathStyle: true,
  });
  const store = createArtifactStore(
    { bucket: names.releasesBucket, accountId: environment.account },
    { client, pause },
  );
  const prefix = steeringPrefix(setting);
  try {
    for (const [path, text] of content.files) await store.writeText(`${prefix}/${path}`, text);
    await store.writeText(`${prefix}/${STEERING_MANIFEST}`, content.manifestText);
  } finally {
    client.destroy();
  }
};
