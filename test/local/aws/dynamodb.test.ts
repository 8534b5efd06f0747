import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoLocks } from '../../../adapters/aws/dynamo-locks';
import { createLockTable } from '../../../adapters/aws/lock-table';
import type { WorkItem } from '../../../domain/work-item';
import { askDynamoDb } from '../../../local/aws/ask-dynamodb';
import { startDynamoDb } from '../../../local/aws/dynamodb';
import type { TableDescription } from '../../../local/stacks/storage';
import { temporaryFolder } from '../../support/temporary-folder';
import { type AwsBench, openAwsBench } from './support/aws-bench';

const locksTable: TableDescription = {
  name: 'locks',
  hashKey: 'pk',
  rangeKey: undefined,
  attributes: [
    { name: 'pk', type: 'S' },
    { name: 'held', type: 'S' },
  ],
  indexes: [{ name: 'held', hashKey: 'held', rangeKey: 'pk', projection: 'ALL', projected: undefined }],
};

const item = (itemId: string): WorkItem => ({
  itemId,
  projectId: 'PVT_1',
  issueId: 'I_1',
  issueNumber: 1,
  title: 'A title',
  url: 'http://127.0.0.1/o/r/issues/1',
  repository: 'o/r',
  repositoryId: 'R_1',
  branch: 'feature/a',
  baseBranch: 'main',
  specPath: '.kiro/specs/a',
  priority: null,
  createdAt: '2030-01-01T00:00:00Z',
});

describe('the local DynamoDB', () => {
  let bench: AwsBench;
  // Hooks run in this order: the folder goes last.
  afterEach(() => bench.close());
  const folder = temporaryFolder();
  const open = async () => {
    bench = await openAwsBench(folder(), { tables: [locksTable] });
  };

  const locksWith = (client: DynamoDBClient, maxConcurrentItems: number) =>
    dynamoLocks({
      table: createLockTable({ tableName: 'locks', index: 'held' }, { client }),
      executionLife: async () => 'running',
      now: () => new Date(),
      maxConcurrentItems,
      leaseSeconds: 3600,
    });

  it('answers nobody but us on its own port, which every process of this machine can find', async () => {
    await open();
    const own = await startDynamoDb(join(folder(), 'own'));
    const ask = (key: string) => askDynamoDb({ port: own.port, key }, 'ListTables', {}).catch(() => 'refused');
    expect(await ask(own.key)).to.deep.equal({ status: 200, body: { TableNames: [] } });
    expect(await ask('anybody')).to.equal('refused');
    const unsigned = await fetch(`http://127.0.0.1:${own.port}/`, {
      method: 'OPTIONS',
      headers: { origin: 'http://a' },
    });
    expect(unsigned.status).to.equal(403);
    await own.close();
  });

  // A thousand of them: test/adapters/aws/dynamo-locks.test.ts, without the signatures that this endpoint checks.
  it('lets exactly one of 100 contenders have an item', async () => {
    await open();
    const locks = locksWith(new DynamoDBClient(bench.client), 2);
    const contenders = Array.from({ length: 100 }, (_, index) =>
      locks.acquire({ item: item('PVTI_1'), owner: `execution-${index}`, dryRun: false }),
    );
    const ends = await Promise.all(contenders);
    const winners = ends.flatMap((end) => (end.outcome === 'acquired' ? [end.lease] : []));
    expect(winners).to.have.length(1);
    expect(winners[0]).to.include({ itemId: 'PVTI_1', fence: 1 });
    const [row] = await locks.rows('held');
    expect(row?.owner).to.equal(winners[0]?.owner);
  });

  it('keeps locks over a restart, with a fence that only grows', async () => {
    await open();
    const first = await locksWith(new DynamoDBClient(bench.client), 1).acquire({
      item: item('PVTI_1'),
      owner: 'execution-1',
      dryRun: false,
    });
    await bench.close();
    await open();
    const locks = locksWith(new DynamoDBClient(bench.client), 1);
    expect((await locks.acquire({ item: item('PVTI_1'), owner: 'execution-2', dryRun: false })).outcome).to.equal(
      'held',
    );
    if (first.outcome !== 'acquired') throw new Error('the first one must have it');
    expect(await locks.release(first.lease, 'free')).to.equal('released');
    const next = await locks.acquire({ item: item('PVTI_1'), owner: 'execution-2', dryRun: false });
    expect(next.outcome === 'acquired' && next.lease.fence).to.equal(2);
  });

  it('has the keys and indexes of the description', async () => {
    await open();
    const { Table } = await new DynamoDBClient(bench.client).send(new DescribeTableCommand({ TableName: 'locks' }));
    expect(Table?.KeySchema).to.deep.equal([{ AttributeName: 'pk', KeyType: 'HASH' }]);
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).to.deep.equal(['held']);
  });

  it('refuses a table that another release has written with other indexes', async () => {
    await open();
    await bench.close();
    const error = await openAwsBench(folder(), { tables: [{ ...locksTable, indexes: [] }] }).catch((e: Error) => e);
    expect(error).to.include({ name: 'StateInUse' });
    expect((error as Error).message).to.contain('locks');
  });
});
