import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { s3AgentArchives } from '../../../adapters/aws/agent-archives';
import type { AgentArchive } from '../../../domain/agent-archive';
import { type Broker, BUCKET, startBroker } from '../../worker/broker-fixture';

describe('the agents in a releases bucket', () => {
  let broker: Broker;
  before(async () => {
    broker = await startBroker();
  });
  after(() => broker.close());
  const pause = async () => undefined;
  const zip = (content: string, addedAt: string): { readonly path: string; readonly archive: AgentArchive } => {
    const path = join(broker.newFolder(), 'kirocli.zip');
    writeFileSync(path, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { path, archive: { sha256, bytes: content.length, file: 'kirocli.zip', processor: 'aarch64', addedAt } };
  };
  const open = (bucket = BUCKET) => s3AgentArchives({ bucket, accountId: null }, { client: broker.s3, pause });

  it('are kept under their digest, listed oldest first, and added once', async () => {
    const archives = open();
    expect(await archives.list()).to.deep.equal([]);
    const late = zip('late', '2026-02-01T00:00:00.000Z');
    const early = zip('early', '2026-01-01T00:00:00.000Z');
    expect(await archives.add(late.path, late.archive)).to.equal('added');
    expect(await archives.add(early.path, early.archive)).to.equal('added');
    expect(await archives.add(late.path, late.archive)).to.equal('already-there');
    expect(await archives.list()).to.deep.equal([early.archive, late.archive]);
    const key = `agents/${late.archive.sha256}.zip`;
    expect(broker.objects.readText(BUCKET, key)).to.equal('late');
  });

  it('are not listed, and are added again, when the zip is gone or another one', async () => {
    const archives = open();
    const { path, archive } = zip('to be replaced', '2026-03-01T00:00:00.000Z');
    const key = `agents/${archive.sha256}.zip`;
    const names = async () => (await archives.list()).map(({ sha256 }) => sha256);
    await archives.add(path, archive);
    expect(await names()).to.include(archive.sha256);
    await broker.objects.put(BUCKET, key, Buffer.from('another one'));
    expect(await names()).not.to.include(archive.sha256);
    expect(await archives.add(path, archive)).to.equal('added');
    expect(broker.objects.readText(BUCKET, key)).to.equal('to be replaced');
    expect(await names()).to.include(archive.sha256);
  });

  it('are not listed when their file has changed while it was added', async () => {
    const { path, archive } = zip('what was looked at', '2026-03-02T00:00:00.000Z');
    writeFileSync(path, 'what is there now!');
    const failure = await open()
      .add(path, archive)
      .then(
        () => 'added',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    expect(failure).to.match(/^ArtifactMismatch: .*has changed while it was added/);
    expect((await open().list()).map(({ sha256 }) => sha256)).not.to.include(archive.sha256);
  });

  it('are not listed when what is written beside them is not ours', async () => {
    await broker.objects.put(BUCKET, 'agents/strange.json', Buffer.from('{"sha256":"x"}'));
    await broker.objects.put(BUCKET, 'agents/broken.json', Buffer.from('{'));
    expect((await open().list()).map(({ file }) => file)).to.deep.equal(Array(3).fill('kirocli.zip'));
  });

  it('of more than one page are all listed', async () => {
    const tokens: (string | undefined)[] = [];
    const client = {
      send: async ({ input }: ListObjectsV2Command): Promise<object> => {
        tokens.push(input.ContinuationToken);
        return tokens.length < 3
          ? { Contents: [{ Key: 'agents/a.zip' }], NextContinuationToken: String(tokens.length) }
          : {};
      },
    } as unknown as S3Client;
    const archives = s3AgentArchives({ bucket: BUCKET, accountId: '123456789012' }, { client, pause });
    expect(await archives.list()).to.deep.equal([]);
    expect(tokens).to.deep.equal([undefined, '1', '2']);
  });

  it('of a bucket that is not there are an error that says so', async () => {
    const failure = await open('nowhere')
      .list()
      .then(
        () => null,
        (error: Error) => error,
      );
    expect(failure).to.have.property('name', 'NotFound');
    expect(failure?.message).to.contain('s3://nowhere/agents/');
  });
});
