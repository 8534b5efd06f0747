import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createEngine, type Engine } from '../../local/asl/engine';
import { createStatesApi } from '../../local/asl/states-api';
import { createFileStore } from '../../local/asl/store';
import { startDynamoDb } from '../../local/aws/dynamodb';
import { openEndpoints } from '../../local/aws/endpoints';
import { createObjectStore, type ObjectStore } from '../../local/aws/object-store';
import { createParameterStore } from '../../local/aws/parameter-store';
import { createSecretsManager } from '../../local/aws/secrets-manager';
import type { JsonService } from '../../local/aws/service';
import { createSqs } from '../../local/aws/sqs';
import { createStoredValues, type StoredValues } from '../../local/aws/stored-values';
import { createFakeClock } from '../local/asl/support/fake-clock';
import { createLocksTable, credentials, LOCKS_TABLE } from './locks-table';
import { temporaryFolder } from './temporary-folder';

const home = { region: 'eu-west-1', accountId: '111122223333' };
const MACHINE = 'kiro-worker-test';

export const names = {
  bucket: 'artifacts',
  queueUrl: `https://sqs.eu-west-1.amazonaws.com/${home.accountId}/dead-letters`,
  secret: 'github-token',
  parameter: '/kiro-worker/test/github-project-config',
};

export type AwsBench = {
  readonly url: string;
  readonly objects: ObjectStore;
  readonly secrets: StoredValues;
  readonly parameters: StoredValues;
  readonly dynamo: DynamoDBClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly sfn: SFNClient;
  /** Step Functions; `startExecution` gives the ARN of an execution that runs until the engine is told otherwise. */
  readonly engine: Engine;
  readonly startExecution: () => string;
  /** What a function's environment says when its AWS is this one. */
  readonly env: Readonly<Record<string, string>>;
  /** Moves the queue's time on. */
  readonly wait: (seconds: number) => void;
};

/** An engine with one machine whose executions wait until they are stopped. */
const statesOf = (folder: string): { readonly engine: Engine; readonly service: JsonService } => {
  const engine = createEngine({
    home: home,
    // Time that never passes: nothing ends by itself.
    clock: { ...createFakeClock(), sleep: () => new Promise(() => undefined) },
    randomness: { number: () => 0.5, uuid: () => crypto.randomUUID() },
    integrations: async ({ arguments: given }) => given,
    store: createFileStore(folder),
  });
  const definition = JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 9999, End: true } },
  });
  engine.machines.create({ name: MACHINE, definition, roleArn: 'arn:aws:iam::111122223333:role/states' });
  const service: JsonService = {
    targetPrefix: 'AWSStepFunctions',
    contentType: 'application/x-amz-json-1.0',
    handle: createStatesApi(engine),
  };
  return { engine, service };
};

/** AWS on this machine, real SDK clients on it, fresh for each test of the enclosing `describe`. */
export const awsBench = (): (() => AwsBench) => {
  const folder = temporaryFolder();
  let bench: AwsBench | undefined;
  let close = async (): Promise<void> => undefined;
  beforeEach(async () => {
    const clock = { seconds: 0 };
    const now = () => new Date(Date.now() + clock.seconds * 1000);
    const { engine, service } = statesOf(join(folder(), 'states'));
    const dynamoServer = await startDynamoDb(join(folder(), 'dynamodb'));
    const objects = createObjectStore(join(folder(), 's3'), { buckets: [names.bucket], now });
    const secrets = createStoredValues(now);
    const parameters = createStoredValues(now, join(folder(), 'parameters.json'));
    const queue = { name: 'dead-letters', url: names.queueUrl, visibilitySeconds: 30 };
    const endpoints = await openEndpoints(0);
    endpoints.serve({
      credentials: new Map([[credentials.accessKeyId, { ...credentials, role: 'worker' }]]),
      services: [
        service,
        createSqs({ file: join(folder(), 'sqs.json'), queues: [queue], now }),
        createSecretsManager(secrets, { secrets: [names.secret], home }),
        createParameterStore(parameters, home),
      ],
      rest: [],
      objects,
      account: home.accountId,
      dynamoDb: dynamoServer,
    });
    const client = { endpoint: endpoints.url, region: home.region, credentials, maxAttempts: 1 };
    const dynamo = new DynamoDBClient(client);
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
    const sfn = new SFNClient(client);
    await createLocksTable(dynamo);
    const stateMachineArn = `arn:aws:states:${home.region}:${home.accountId}:stateMachine:${MACHINE}`;
    bench = {
      url: endpoints.url,
      objects,
      secrets,
      parameters,
      dynamo,
      s3,
      sqs,
      sfn,
      engine,
      startExecution: () => engine.startExecution({ stateMachineArn }).executionArn,
      env: {
        AWS_ENDPOINT_URL: endpoints.url,
        AWS_REGION: home.region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_MAX_ATTEMPTS: '1',
        ENVIRONMENT: 'test',
        RELEASE: 'r1',
        LOCKS_TABLE,
        ARTIFACTS_BUCKET: names.bucket,
        BOARD_SETTINGS_PARAMETER: names.parameter,
        CREDIT_BUDGET_PARAMETER: '/kiro-worker/test/credit-budget',
        GITHUB_TOKEN_SECRET: names.secret,
        // The SDK sends to the host of the queue's URL.
        DEAD_LETTER_QUEUE_URL: `${endpoints.url}/${home.accountId}/dead-letters`,
        POWERTOOLS_SERVICE_NAME: 'kiro-worker',
        POWERTOOLS_METRICS_NAMESPACE: 'KiroWorker',
      },
      wait: (seconds) => {
        clock.seconds += seconds;
      },
    };
    close = async () => {
      for (const each of [dynamo, s3, sqs, sfn]) each.destroy();
      await endpoints.close();
      await dynamoServer.close();
    };
  });
  afterEach(() => close());
  return () => {
    if (!bench) throw new Error('the bench is there only inside a test');
    return bench;
  };
};
