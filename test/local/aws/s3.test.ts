import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, openSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder';
import { schemaFaults } from '../asl/support/check-schema';
import { type AwsBench, errorName, home, openAwsBench } from './support/aws-bench';

const Bucket = 'artifacts';

describe('the local S3', () => {
  let bench: AwsBench;
  let client: s3.S3Client;
  // Hooks run in this order: the folder goes last.
  afterEach(async () => {
    client.destroy();
    await bench.close();
  });
  const folder = temporaryFolder();
  beforeEach(async () => {
    bench = await openAwsBench(folder());
    client = new s3.S3Client(bench.client);
  });

  const put = (Key: string, Body: s3.PutObjectCommandInput['Body'], more: Partial<s3.PutObjectCommandInput> = {}) =>
    client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = async (Key: string, more: Partial<s3.GetObjectCommandInput> = {}) => {
    const answer = await client.send(new s3.GetObjectCommand({ Bucket, Key, ...more }));
    return { ...answer, text: (await answer.Body?.transformToString()) ?? '' };
  };

  it('gives back what was put, with type, size and the MD5 as ETag', async () => {
    const stored = await put('builds/a/result.json', '{"a":1}', { ContentType: 'application/json' });
    const { $metadata: _, ...known } = stored;
    expect(schemaFaults(s3.PutObjectOutput$, known)).to.deep.equal([]);
    const md5 = createHash('md5').update('{"a":1}').digest('hex');
    expect(stored.ETag).to.equal(`"${md5}"`);
    const found = await get('builds/a/result.json');
    expect(found).to.deep.include({ text: '{"a":1}', ContentType: 'application/json', ContentLength: 7 });
    expect(found.VersionId).to.equal(stored.VersionId);
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'builds/a/result.json' }));
    expect(head).to.include({ ContentLength: 7, VersionId: stored.VersionId });
  });

  it('takes a stream in aws-chunked form without its framing, and checks the checksum in the trailer', async () => {
    const bytes = randomBytes(300_000);
    await put('streamed', Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), { ContentLength: bytes.length });
    const answer = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(bytes)).to.equal(true);
  });

  it('stores 100 MB without holding them in memory', async function () {
    this.timeout(60_000);
    const path = join(folder(), 'large');
    closeSync(openSync(path, 'w'));
    truncateSync(path, 100 * 1024 * 1024);
    global.gc?.();
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss);
    }, 20);
    await put('large', createReadStream(path), { ContentLength: 100 * 1024 * 1024 });
    clearInterval(watch);
    const { ContentLength } = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'large' }));
    expect(ContentLength).to.equal(100 * 1024 * 1024);
    expect((highest - before) / 1024 / 1024).to.be.lessThan(64);
  });

  it('keeps every version, and gives a pinned one also after a newer one was put', async () => {
    const first = await put('verdict', 'one');
    const second = await put('verdict', 'two');
    expect(first.VersionId).not.to.equal(second.VersionId);
    expect((await get('verdict')).text).to.equal('two');
    expect((await get('verdict', { VersionId: first.VersionId })).text).to.equal('one');
    expect(await errorName(get('verdict', { VersionId: 'f'.repeat(32) }))).to.equal('NoSuchVersion');
  });

  it('keeps objects over a restart', async () => {
    const { VersionId } = await put('kept', 'text');
    await bench.close();
    bench = await openAwsBench(folder());
    client = new s3.S3Client(bench.client);
    expect(await get('kept')).to.include({ text: 'text', VersionId });
  });

  it('gives ranges, also of the end, and refuses one that lies outside', async () => {
    await put('digits', '0123456789');
    const part = await get('digits', { Range: 'bytes=2-4' });
    expect(part).to.include({ text: '234', ContentRange: 'bytes 2-4/10' });
    expect((await get('digits', { Range: 'bytes=-3' })).text).to.equal('789');
    expect((await get('digits', { Range: 'bytes=8-100' })).text).to.equal('89');
    expect(await errorName(get('digits', { Range: 'bytes=10-20' }))).to.equal('InvalidRange');
  });

  it('with If-None-Match lets exactly one of many writers win', async () => {
    const writers = Array.from({ length: 20 }, (_, index) =>
      errorName(put('once', `writer ${index}`, { IfNoneMatch: '*' })),
    );
    const ends = await Promise.all(writers);
    expect(ends.filter((end) => end === 'nothing')).to.have.length(1);
    expect(ends.filter((end) => end === 'PreconditionFailed')).to.have.length(19);
    expect((await get('once')).text).to.equal(`writer ${ends.indexOf('nothing')}`);
  });

  it('refuses bytes that are not those of the declared checksum, and keeps what was there', async () => {
    await put('checked', 'right');
    const wrong = createHash('sha256').update('other').digest('base64');
    expect(await errorName(put('checked', 'wrong', { ChecksumSHA256: wrong }))).to.equal('BadDigest');
    expect(await errorName(put('new', 'wrong', { ChecksumCRC32: 'AAAAAA==' }))).to.equal('BadDigest');
    expect((await get('checked')).text).to.equal('right');
    expect(await errorName(get('new'))).to.equal('NoSuchKey');
  });

  it('lists by prefix in byte order and in pages', async () => {
    for (const key of ['r/b', 'r/a', 'r/ä & <ö>', 's/c']) await put(key, key);
    const list = (more: object) => client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: 'r/', ...more }));
    const { $metadata: _, ...all } = await list({});
    expect(schemaFaults(s3.ListObjectsV2Output$, all)).to.deep.equal([]);
    expect(all.Contents?.map(({ Key }) => Key)).to.deep.equal(['r/a', 'r/b', 'r/ä & <ö>']);
    const first = await list({ MaxKeys: 2 });
    expect(first).to.include({ KeyCount: 2, IsTruncated: true });
    const rest = await list({ MaxKeys: 2, ContinuationToken: first.NextContinuationToken });
    expect(rest).to.include({ KeyCount: 1, IsTruncated: false });
    const nothing = await client.send(new s3.ListObjectsV2Command({ Bucket: 'empty' }));
    expect(nothing.KeyCount).to.equal(0);
  });

  it('takes a key for a name, never for a path', async () => {
    const keys = ['../../escape', 'a/../b', 'b', '/absolute', 'with space+plus%20', 'nul\u0001'];
    for (const key of keys) await put(key, key);
    for (const key of keys) expect((await get(key)).text).to.equal(key);
    expect(readdirSync(folder()).sort()).to.deep.equal(['dynamodb', 's3']);
    expect(statSync(join(folder(), 's3', 'artifacts')).isDirectory()).to.equal(true);
  });

  it('finds a prefix whatever characters it has', async () => {
    const prefix = "p !'()*~=&/ü+";
    await put(`${prefix}x`, 'x');
    const { Contents } = await client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: prefix }));
    expect(Contents?.map(({ Key }) => Key)).to.deep.equal([`${prefix}x`]);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('the beginning');
        throw new Error('the line is cut');
      })(),
    );
    const error = await bench.objects.put(Bucket, 'broken', broken).catch((raised: Error) => raised);
    expect((error as Error).message).to.equal('the line is cut');
    expect(await errorName(get('broken'))).to.equal('NoSuchKey');
    const [stored = ''] = readdirSync(join(folder(), 's3', Bucket));
    expect(readdirSync(join(folder(), 's3', Bucket, stored))).to.deep.equal([]);
  });

  it('forgets a deleted key', async () => {
    await put('gone', 'x');
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'gone' }));
    expect(await errorName(get('gone'))).to.equal('NoSuchKey');
    const head = client.send(new s3.HeadObjectCommand({ Bucket, Key: 'gone' }));
    expect(await errorName(head)).to.equal('NotFound');
  });

  it('knows its owner', async () => {
    await put('owned', 'x');
    expect((await get('owned', { ExpectedBucketOwner: home.accountId })).text).to.equal('x');
    expect(await errorName(get('owned', { ExpectedBucketOwner: '999999999999' }))).to.equal('AccessDenied');
  });

  const refusals: readonly (readonly [string, string, (client: s3.S3Client) => Promise<unknown>])[] = [
    ['an unknown bucket', 'NoSuchBucket', (c) => c.send(new s3.ListObjectsV2Command({ Bucket: 'nowhere' }))],
    [
      'a multipart upload',
      'NotImplemented',
      (c) => c.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'large' })),
    ],
    ['a copy', 'NotImplemented', (c) => c.send(new s3.CopyObjectCommand({ Bucket, Key: 'b', CopySource: 'a/b' }))],
    ['an access list', 'NotImplemented', (c) => c.send(new s3.GetObjectAclCommand({ Bucket, Key: 'b' }))],
    [
      'a part of an upload',
      'NotImplemented',
      (c) => c.send(new s3.UploadPartCommand({ Bucket, Key: 'b', UploadId: 'u', PartNumber: 1, Body: 'x' })),
    ],
    ['a delimiter', 'NotImplemented', (c) => c.send(new s3.ListObjectsV2Command({ Bucket, Delimiter: '/' }))],
    [
      'a condition on a read',
      'NotImplemented',
      (c) => c.send(new s3.GetObjectCommand({ Bucket, Key: 'b', IfMatch: '"x"' })),
    ],
    ['a new bucket', 'NotImplemented', (c) => c.send(new s3.CreateBucketCommand({ Bucket: 'new' }))],
  ];
  for (const [what, name, call] of refusals)
    it(`refuses ${what} by name instead of doing something else`, async () => {
      expect(await errorName(call(client))).to.equal(name);
    });
});
