import { join } from 'node:path';
import { createTables } from '../../../../local/aws/create-tables';
import { startDynamoDb } from '../../../../local/aws/dynamodb';
import { openEndpoints } from '../../../../local/aws/endpoints';
import { createObjectStore } from '../../../../local/aws/object-store';
import { createParameterStore } from '../../../../local/aws/parameter-store';
import { issueCredentials } from '../../../../local/aws/role-credentials';
import { createSecretsManager } from '../../../../local/aws/secrets-manager';
import type { JsonService, RestService } from '../../../../local/aws/service';
import { createSqs } from '../../../../local/aws/sqs';
import { createStoredValues } from '../../../../local/aws/stored-values';
import type { TableDescription } from '../../../../local/stacks/storage';
import { checked } from './checked-service';

export const home = { region: 'eu-west-1', accountId: '123456789012' };

export type AwsBench = Awaited<ReturnType<typeof openAwsBench>>;

/** The endpoints on a folder, with every service whose state is data. Each answer is held to the SDK's schemas. */
export const openAwsBench = async (
  folder: string,
  options: {
    readonly services?: readonly JsonService[];
    readonly rest?: readonly RestService[];
    readonly tables?: readonly TableDescription[];
    readonly now?: () => Date;
    readonly port?: number;
  } = {},
) => {
  const { now = () => new Date() } = options;
  const endpoints = await openEndpoints(options.port ?? 0);
  const dynamoDb = await startDynamoDb(join(folder, 'dynamodb'));
  const close = async () => {
    await endpoints.close();
    await dynamoDb.close();
  };
  await createTables(options.tables ?? [], dynamoDb).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const keys = issueCredentials(['tester', 'other']);
  const objects = createObjectStore(join(folder, 's3'), { buckets: ['artifacts', 'empty'], now });
  const secrets = createStoredValues(now);
  const parameters = createStoredValues(now, join(folder, 'parameters.json'));
  const url = `${endpoints.url}/${home.accountId}`;
  const queues = ['letters', 'others'].map((name) => ({ name, url: `${url}/${name}`, visibilitySeconds: 30 }));
  const queue = createSqs({ file: join(folder, 'sqs.json'), queues, now });
  endpoints.serve({
    credentials: keys.known,
    objects,
    account: home.accountId,
    dynamoDb,
    rest: options.rest ?? [],
    services: [
      createSecretsManager(secrets, { secrets: ['known', 'empty'], home }),
      createParameterStore(parameters, home),
      queue,
      ...(options.services ?? []),
    ].map(checked),
  });
  return {
    url: endpoints.url,
    queueUrl: `${url}/letters`,
    objects,
    secrets,
    parameters,
    queue,
    /** What an SDK client needs to reach this machine. */
    client: { endpoint: endpoints.url, region: home.region, credentials: keys.of('tester'), maxAttempts: 1 },
    close,
  };
};

/** The name of the exception that a promise is rejected with. */
export const errorName = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return (error as Error).name;
  }
  return 'nothing';
};
