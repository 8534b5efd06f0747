import { Readable } from 'node:stream';
import { expect } from 'chai';
import { redactStream } from '../../../worker/build/redact-stream';

const through = async (text: string, secrets: readonly string[], size: number): Promise<string> => {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
  const out: Buffer[] = [];
  for await (const piece of redactStream(secrets)(Readable.from(pieces))) out.push(piece);
  return Buffer.concat(out).toString('utf8');
};

describe('redactStream', () => {
  const secret = 'sh0p/größe-\u{1f680}+key';
  const text = `ü a ${secret} b ${encodeURIComponent(secret)} c ${Buffer.from(secret).toString('hex')} ghp_${'A1b2C3d4'.repeat(4)} é`;

  it('takes a secret out in whatever pieces it comes, and leaves every other byte', async () => {
    for (const size of [1, 2, 7, 64, 1000])
      expect(await through(text, [secret], size), `pieces of ${size}`).to.equal(
        `ü a [redacted] b [redacted] c [redacted] ghp_${'A1b2C3d4'.repeat(4)} é`,
      );
  });

  it('changes nothing where there is no secret to look for, or nothing at all', async () => {
    expect(await through(text, [], 5)).to.equal(text);
    expect(await through('', [secret], 5)).to.equal('');
  });
});
