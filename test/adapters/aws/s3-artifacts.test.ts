import { createHash } from 'node:crypto';
import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { s3Artifacts } from '../../../adapters/aws/s3-artifacts';
import { readCoverage } from '../../../domain/coverage-reports/read-coverage';
import type { ReportSource } from '../../../domain/coverage-reports/report-source';
import { awsBench, names } from '../../support/aws-bench';
import { failureOf } from '../../support/failure-of';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

const textOf = async (source: ReportSource | null): Promise<string> => {
  const pieces: Uint8Array[] = [];
  if (source) for await (const piece of source.chunks()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};
const parse = (source: ReportSource) =>
  readCoverage([{ path: 'lcov.info', root: '', source }], { files: [], wanted: new Map() });

describe('s3Artifacts', () => {
  const bench = awsBench();
  const artifacts = () => s3Artifacts({ bucket: names.bucket, owner: '111122223333' }, { client: bench().s3 });
  const store = async (key: string, body: string) => {
    const { versionId } = await bench().objects.put(names.bucket, key, Buffer.from(body));
    return { key, versionId, sha256: sha256(body), bytes: Buffer.byteLength(body) };
  };

  it('writes text and reads it again, the newest or a pinned version', async () => {
    const first = await artifacts().writeText('verdicts/a.json', '{"größe":1}');
    const second = await artifacts().writeText('verdicts/a.json', '{"größe":2}');
    expect(await artifacts().readText('verdicts/a.json')).to.equal('{"größe":2}');
    expect(await artifacts().readText('verdicts/a.json', first.versionId)).to.equal('{"größe":1}');
    expect(await artifacts().read('verdicts/a.json')).to.deep.equal({
      text: '{"größe":2}',
      versionId: second.versionId,
    });
  });

  it('gives null for an object or version that is not there', async () => {
    expect(await artifacts().readText('nothing')).to.equal(null);
    await artifacts().writeText('a', 'x');
    expect(await artifacts().readText('a', '0'.repeat(32))).to.equal(null);
    expect(await artifacts().openReport({ key: 'none', versionId: '0'.repeat(32), sha256: '', bytes: 1 })).to.equal(
      null,
    );
  });

  it('gives a whole text however many pieces it arrives in, and characters that are cut by them', async () => {
    const long = 'ä€'.repeat(300_000);
    await store('long', long);
    expect(await artifacts().readText('long')).to.equal(long);
    expect(await artifacts().readText('long', '')).to.equal(long);
  });

  it('refuses to hold an enormous text in memory', async () => {
    await store('huge', 'x'.repeat(17 * 1024 * 1024));
    const error = await failureOf(artifacts().readText('huge'));
    expect(error.name).to.equal('ResultInvalid');
    expect(error.message).to.match(/huge has 17825792 bytes; at most 16777216/);
  });

  it('opens a report: its size, its beginning and its pieces', async () => {
    const text = `TN:\nSF:a\n${'DA:1,1\n'.repeat(10_000)}end_of_record\n`;
    const source = await artifacts().openReport(await store('lcov.info', text));
    if (!source) throw new Error('no report');
    expect(source.bytes).to.equal(text.length);
    expect(await source.head()).to.equal(text.slice(0, 4096));
    const pieces: Uint8Array[] = [];
    for await (const piece of source.chunks()) pieces.push(piece);
    expect(pieces.length).to.be.greaterThan(1);
    expect(Buffer.concat(pieces).toString()).to.equal(text);
    expect((await parse(source)).kind).to.equal('totals');
  });

  it('opens an empty report', async () => {
    const source = await artifacts().openReport(await store('empty', ''));
    expect(source?.bytes).to.equal(0);
    expect(await source?.head()).to.equal('');
    expect(await textOf(source)).to.equal('');
  });

  it('refuses a report whose bytes are not those that the build has stored', async () => {
    const report = await store('lcov.info', 'TN:\nSF:a\nDA:1,1\nend_of_record\n');
    const source = await artifacts().openReport({ ...report, sha256: sha256('another') });
    if (!source) throw new Error('no report');
    const error = await failureOf(parse(source));
    expect(error.name).to.equal('ArtifactMismatch');
    expect(error.message).to.match(/s3:\/\/artifacts\/lcov\.info is not what the build stored/);
    expect((await failureOf(textOf(source))).name).to.equal('ArtifactMismatch');
  });

  it('reads the pinned version of a report that has been overwritten', async () => {
    const report = await store('c.json', '{"total":1}');
    await store('c.json', '{"total":2}');
    expect(await textOf(await artifacts().openReport(report))).to.equal('{"total":1}');
  });

  it('says which object could not be reached, and why', async () => {
    const elsewhere = s3Artifacts({ bucket: 'elsewhere' }, { client: bench().s3 });
    const error = await failureOf(elsewhere.readText('key'));
    expect(error.name).to.equal('NotFound');
    expect(error.message).to.match(/read s3:\/\/elsewhere\/key: NoSuchBucket/);
    expect((await failureOf(elsewhere.writeText('key', ''))).message).to.match(/write s3:\/\/elsewhere\/key/);
  });

  it('names the account that the bucket must belong to in every request', async () => {
    const owners: unknown[] = [];
    const client = {
      send: async (command: GetObjectCommand) => {
        owners.push((command.input as { ExpectedBucketOwner?: string }).ExpectedBucketOwner);
        return bench().s3.send(command);
      },
    } as unknown as S3Client;
    const guarded = s3Artifacts({ bucket: names.bucket, owner: '111122223333' }, { client });
    const report = await store('r', 'x');
    await guarded.writeText('a', 'x');
    await guarded.readText('a');
    await textOf(await guarded.openReport(report));
    expect(owners).to.deep.equal(Array(4).fill('111122223333'));
  });

  it('says so when the connection breaks in the middle of an object', async () => {
    await store('a', 'x'.repeat(10));
    const { Readable } = await import('node:stream');
    const client = {
      send: async () => ({
        ContentLength: 10,
        Body: Readable.from(
          (async function* () {
            yield Buffer.from('xx');
            throw Object.assign(new Error('socket hang up'), { name: 'ECONNRESET' });
          })(),
        ),
      }),
    } as unknown as S3Client;
    const error = await failureOf(s3Artifacts({ bucket: 'b' }, { client }).readText('a'));
    expect(error.name).to.equal('AwsUnavailable');
    expect(error.message).to.match(/read s3:\/\/b\/a to its end/);
  });
});
