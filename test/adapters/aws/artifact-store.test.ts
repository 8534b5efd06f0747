import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { createArtifactStore } from '../../../adapters/aws/artifact-store';
import { type Broker, BUCKET, refusal, startBroker } from '../../worker/broker-fixture';

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');

describe('the artifact store', () => {
  let broker: Broker;
  before(async () => {
    broker = await startBroker();
  });
  after(() => broker.close());
  const newFile = (content: Buffer | string): string => {
    const path = join(broker.newFolder(), 'a file');
    writeFileSync(path, content);
    return path;
  };
  const noPause = { pause: async () => undefined };

  it('stores a file and brings back exactly its bytes', async () => {
    const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * index) >> 5));
    const stored = await broker.store.upload('builds/1/a.bundle', newFile(content), 'application/x-git-bundle');
    expect(stored).to.deep.include({ key: 'builds/1/a.bundle', sha256: sha256(content), bytes: content.length });
    expect(broker.objects.find(BUCKET, 'builds/1/a.bundle')?.contentType).to.equal('application/x-git-bundle');
    const path = join(broker.newFolder(), 'back');
    expect(await broker.store.download(stored, path)).to.deep.equal({ sha256: stored.sha256, bytes: stored.bytes });
    expect(readFileSync(path).equals(content)).to.equal(true);
  });

  it('stores an empty file', async () => {
    const stored = await broker.store.upload('builds/1/empty', newFile(''));
    expect(stored.bytes).to.equal(0);
    const path = join(broker.newFolder(), 'back');
    await broker.store.download(stored, path);
    expect(statSync(path).size).to.equal(0);
  });

  it('brings back the pinned version after another was written, and else the newest', async () => {
    const first = await broker.store.upload('builds/1/b', newFile('first'));
    await broker.store.upload('builds/1/b', newFile('second'));
    const path = join(broker.newFolder(), 'back');
    await broker.store.download(first, path);
    expect(readFileSync(path, 'utf8')).to.equal('first');
    await broker.store.download({ key: 'builds/1/b' }, path);
    expect(readFileSync(path, 'utf8')).to.equal('second');
  });

  it('writes and reads texts, by version too', async () => {
    const { versionId } = await broker.store.writeText('builds/1/c.json', '{"größe":1}');
    await broker.store.writeText('builds/1/c.json', '{}');
    expect(await broker.store.readText('builds/1/c.json')).to.equal('{}');
    expect(await broker.store.readText('builds/1/c.json', versionId)).to.equal('{"größe":1}');
    expect(broker.objects.find(BUCKET, 'builds/1/c.json')?.contentType).to.equal('application/json');
    await broker.store.writeText('builds/1/log.txt', 'x');
    expect(broker.objects.find(BUCKET, 'builds/1/log.txt')?.contentType).to.match(/^text\/plain/);
  });

  it('says which object is not there', async () => {
    expect(await broker.store.readText('builds/1/none')).to.equal(null);
    expect(await broker.store.readText('builds/1/none', 'no-such-version')).to.equal(null);
    const path = join(broker.newFolder(), 'back');
    const error = await refusal(broker.store.download({ key: 'builds/1/none' }, path), 'ResultMissing');
    expect(error.message).to.equal(`s3://${BUCKET}/builds/1/none is not there.`);
    expect(existsSync(path)).to.equal(false);
  });

  it('names the bucket and the account that must own it in every request', async () => {
    const asked: unknown[] = [];
    const client = {
      send: async (command: GetObjectCommand | PutObjectCommand) => {
        asked.push(command.input);
        return {};
      },
    };
    const store = createArtifactStore(
      { bucket: 'b', accountId: '123456789012' },
      { client: client as never, ...noPause },
    );
    expect(await store.upload('k', newFile('x'))).to.include({ versionId: 'null' });
    await store.readText('k');
    await store.writeText('k', 'x');
    await store.download({ key: 'k', versionId: 'v' }, join(broker.newFolder(), 'back'));
    expect(asked).to.have.length(4);
    for (const input of asked) expect(input).to.include({ Bucket: 'b', Key: 'k', ExpectedBucketOwner: '123456789012' });
    expect(asked[3]).to.include({ VersionId: 'v' });
    expect(asked[0]).to.include({
      ChecksumSHA256: createHash('sha256').update('x').digest('base64'),
      ContentLength: 1,
    });
    const free = createArtifactStore({ bucket: 'b', accountId: null }, { client: client as never, ...noPause });
    await free.readText('k');
    expect(asked.at(-1)).not.to.have.property('ExpectedBucketOwner');
  });

  /** Fails the first answers, then hands on to the real bucket. */
  const failing = (errors: readonly (Error | Readable)[]) => {
    const left = [...errors];
    const pauses: number[] = [];
    const client = {
      send: async (command: never) => {
        const next = left.shift();
        if (next instanceof Error) throw next;
        if (next) return { Body: next };
        return broker.s3.send(command);
      },
    };
    const pause = async (milliseconds: number) => {
      pauses.push(milliseconds);
    };
    return {
      store: createArtifactStore({ bucket: BUCKET, accountId: null }, { client: client as never, pause }),
      pauses,
    };
  };
  const named = (name: string) => Object.assign(new Error('from S3'), { name });

  it('outlasts faults of S3, with a new stream for each try', async () => {
    const { store, pauses } = failing([named('SlowDown'), named('InternalError')]);
    const stored = await store.upload('builds/1/d', newFile('content'));
    expect(pauses).to.have.length(2);
    const cut = new Readable({
      read() {
        this.push('con');
        this.destroy(new Error('aborted'));
      },
    });
    const path = join(broker.newFolder(), 'back');
    await failing([cut]).store.download(stored, path);
    expect(readFileSync(path, 'utf8')).to.equal('content');
  });

  it('gives up, says why, and leaves no half file', async () => {
    const denied = failing([named('AccessDenied')]);
    const path = join(broker.newFolder(), 'back');
    expect((await refusal(denied.store.download({ key: 'k' }, path), 'PermissionDenied')).message).to.match(
      /s3:\/\/artifacts\/k/,
    );
    expect(denied.pauses).to.deep.equal([]);
    await refusal(failing([named('AccessDenied')]).store.readText('k'), 'PermissionDenied');
    const down = failing(Array.from({ length: 4 }, () => named('ServiceUnavailable')));
    await refusal(down.store.writeText('k', 'x'), 'AwsUnavailable');
    const full = new Readable({
      read() {
        this.destroy(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
      },
    });
    await refusal(failing([full]).store.download({ key: 'k' }, path), 'DiskFull');
    expect(existsSync(path)).to.equal(false);
  });

  it('is refused by S3 when the bytes are not those that were measured', async () => {
    const call = broker.s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'builds/1/e',
        Body: 'x',
        ChecksumSHA256: createHash('sha256').update('y').digest('base64'),
      }),
    );
    expect((await call.catch((error: Error) => error.name)) as string).to.equal('BadDigest');
    expect(await broker.store.readText('builds/1/e')).to.equal(null);
    expect((await broker.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'builds/1/d' }))).ContentLength).to.equal(
      7,
    );
  });
});
