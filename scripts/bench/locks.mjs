import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CreateTableCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamoLocks } from '../../dist/adapters/aws/dynamo-locks.js';
import { createLockTable } from '../../dist/adapters/aws/lock-table.js';
import { startDynamoDb } from '../../dist/local/aws/dynamodb.js';
import { inTurns, times } from './project.mjs';

const BAR = 0.9;
const CONTENDERS = 1_000;
const AT_ONCE = 20;

const item = (number) => ({
  itemId: `PVTI_${number}`,
  projectId: 'P',
  issueId: 'I',
  issueNumber: number,
  title: 't',
  url: 'u',
  repository: 'a/b',
  repositoryId: 'R',
  branch: 'f',
  baseBranch: 'main',
  specPath: 's',
  priority: null,
  createdAt: '2026-01-01T00:00:00Z',
});

/** Runs `jobs`, so many at once; gives the seconds that it took. */
const runAll = async (jobs) => {
  const started = performance.now();
  let next = 0;
  const work = async () => {
    while (next < jobs.length) await jobs[next++]();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return (performance.now() - started) / 1000;
};

const createTable = async (client) => {
  await client.send(
    new CreateTableCommand({
      TableName: 'locks',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'held', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'held',
          KeySchema: [
            { AttributeName: 'held', KeyType: 'HASH' },
            { AttributeName: 'pk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
};

/** Contenders a second of 1,000 that want one item, beside as many raw conditional writes on the same server. */
export const measureLocks = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-locks-'));
  const server = await startDynamoDb(folder);
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: server.key, secretAccessKey: 'b' },
  });
  await createTable(client);
  let round = 0;
  const wins = [];
  const ours = async () => {
    round += 1;
    const table = createLockTable({ tableName: 'locks', index: 'held' }, { client });
    const locks = dynamoLocks({
      table,
      executionLife: async () => 'running',
      now: () => new Date(),
      maxConcurrentItems: 20,
      leaseSeconds: 3600,
    });
    const ends = [];
    const seconds = await runAll(
      Array.from({ length: CONTENDERS }, (_, index) => async () => {
        ends.push(await locks.acquire({ item: item(round), owner: `e-${round}-${index}`, dryRun: false }));
      }),
    );
    wins.push(ends.filter(({ outcome }) => outcome === 'acquired').length);
    return CONTENDERS / seconds;
  };
  const raw = async () => {
    const seconds = await runAll(
      Array.from(
        { length: CONTENDERS },
        (_, index) => () =>
          client
            .send(
              new UpdateItemCommand({
                TableName: 'locks',
                Key: { pk: { S: `raw-${round}` } },
                UpdateExpression: 'SET #o = :o',
                ConditionExpression: 'attribute_not_exists(#o)',
                ExpressionAttributeNames: { '#o': 'owner' },
                ExpressionAttributeValues: { ':o': { S: String(index) } },
              }),
            )
            .catch(() => undefined),
      ),
    );
    return CONTENDERS / seconds;
  };
  await ours();
  const result = await inTurns(5, ours, raw);
  client.destroy();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
  const ratio = result.ours / result.yardstick;
  const exact = wins.every((count) => count === 1);
  return [
    {
      what: `winners of ${CONTENDERS} contenders in ${wins.length} rounds`,
      ours: wins.join(', '),
      yardstick: 'none',
      value: exact ? 'one each time' : 'NOT one each time',
      bar: 'exactly one',
      good: exact,
    },
    {
      what: 'contenders a second',
      ours: `${Math.round(result.ours)}/s`,
      yardstick: `${Math.round(result.yardstick)}/s, raw conditional writes`,
      value: times(ratio),
      bar: `≥ ${BAR} ×`,
      good: ratio >= BAR,
    },
  ];
};
