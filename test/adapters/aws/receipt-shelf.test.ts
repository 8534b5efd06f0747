import { expect } from 'chai';
import { receiptShelf } from '../../../adapters/aws/receipt-shelf';
import { receiptKey } from '../../../domain/artifact-keys';
import { type AwsBench, awsBench, names } from '../../support/aws-bench';
import { failureOf } from '../../support/failure-of';

describe('receiptShelf', () => {
  const aws = awsBench();
  const now = () => new Date('2026-11-02T12:00:00.000Z');
  const shelf = (client = aws().s3) => receiptShelf({ bucket: names.bucket }, { client, now });
  const put = (bench: AwsBench, startedAt: string, more: object = {}) => {
    const receipt = {
      version: 1,
      environment: 'test',
      release: 'r1',
      executionArn: 'arn:tick',
      startedAt,
      outcome: 'idle',
      requests: 2,
      freeSlots: 1,
      message: 'Nothing to do: 0 waiting, 0 refused.',
      entries: [],
      ...more,
    };
    return bench.objects.put(names.bucket, receiptKey(startedAt, 'tick'), Buffer.from(JSON.stringify(receipt)));
  };
  const read = async (days: number): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const one of shelf().newestFirst(days))
      found.push(one.kind === 'receipt' ? one.receipt.startedAt : one.problem);
    return found;
  };

  it('gives receipts newest first, over days, and no older ones than are asked for', async () => {
    const times = [
      '2026-10-31T10:00:00.000Z',
      '2026-11-01T23:55:00.000Z',
      '2026-11-02T00:00:00.000Z',
      '2026-11-02T11:00:00.000Z',
    ];
    for (const at of times) await put(aws(), at);
    expect(await read(2)).to.deep.equal([...times].reverse().slice(0, 3));
    expect(await read(30)).to.deep.equal([...times].reverse());
    expect(await read(1)).to.deep.equal([times[3], times[2]]);
  });

  it('reads receipts of a release that counted nothing', async () => {
    await put(aws(), '2026-11-02T11:00:00.000Z');
    for await (const one of shelf().newestFirst(1))
      expect(one).to.have.property('receipt').that.includes({ counts: null, unlisted: 0, dryRun: false });
  });

  it('lists more receipts than one page holds', async () => {
    const many = Array.from({ length: 1_005 }, (_, index) =>
      new Date(Date.parse('2026-11-02T00:00:00.000Z') + index * 1000).toISOString(),
    );
    await Promise.all(many.map((at) => put(aws(), at)));
    expect(await read(1)).to.deep.equal([...many].reverse());
  });

  it('says of a receipt that is none which one it is, and gives the others all the same', async () => {
    const at = (minute: number) => `2026-11-02T11:0${minute}:00.000Z`;
    await put(aws(), at(0));
    await put(aws(), at(1), { outcome: 'sunny' });
    await put(aws(), at(2));
    await aws().objects.put(names.bucket, receiptKey(at(3), 'tick'), Buffer.from('{"version":1,"envi'));
    const found = await read(1);
    expect([found[1], found[3]]).to.deep.equal([at(2), at(0)]);
    expect(found[0]).to.equal(`receipts/2026-11-02/${at(3)}-tick.json is not JSON.`);
    expect(found[2]).to.match(
      /^receipts\/2026-11-02\/2026-11-02T11:01:00\.000Z-tick\.json is not what it should be, at outcome/,
    );
  });

  it('says that it could not look', async () => {
    aws().s3.config.credentials = async () => ({ accessKeyId: 'AKIDSTRANGER', secretAccessKey: 'x' });
    expect((await failureOf(read(1))).message).to.contain('list the receipts in s3://artifacts');
  });
});
