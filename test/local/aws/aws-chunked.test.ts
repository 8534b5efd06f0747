import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodeAwsChunked } from '../../../local/aws/aws-chunked';
import { errorName } from './support/aws-bench';

type Trailers = Readonly<Record<string, string>>;

const decode = async (pieces: readonly Buffer[]): Promise<{ bytes: Buffer; trailers: Trailers }> => {
  let trailers: Trailers = {};
  const decoder = decodeAwsChunked((found) => {
    trailers = found;
  });
  Readable.from(pieces).pipe(decoder);
  return { bytes: await buffer(decoder), trailers };
};

const frame = (chunks: readonly Uint8Array[], trailers = ''): Buffer =>
  Buffer.concat([
    ...chunks.map((chunk) =>
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)};chunk-signature=ab\r\n`), chunk, Buffer.from('\r\n')]),
    ),
    Buffer.from(`0\r\n${trailers}\r\n`),
  ]);

describe('decodeAwsChunked', () => {
  it('gives back the bytes, however they were cut into chunks and packets', async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 50 }), async (parts, size) => {
        const framed = frame(parts);
        const pieces = Array.from({ length: Math.ceil(framed.length / size) }, (_, index) =>
          framed.subarray(index * size, (index + 1) * size),
        );
        expect((await decode(pieces)).bytes.equals(Buffer.concat(parts))).to.equal(true);
      }),
    );
  });

  it('tells of the trailing headers', async () => {
    const { trailers } = await decode([frame([Buffer.from('x')], 'X-Amz-Checksum-CRC32: abc=\r\n')]);
    expect(trailers).to.deep.equal({ 'x-amz-checksum-crc32': 'abc=' });
  });

  const broken: readonly (readonly [string, string, string])[] = [
    ['a size that is no number', 'zz\r\nx\r\n', 'InvalidRequest'],
    ['a body that ends in the middle', '5\r\nab', 'IncompleteBody'],
    ['a header without an end', 'a'.repeat(2000), 'InvalidRequest'],
    ['endless trailers', `0\r\n${'x: y\r\n'.repeat(2000)}`, 'InvalidRequest'],
  ];
  for (const [what, text, name] of broken)
    it(`refuses ${what}`, async () => {
      expect(await errorName(decode([Buffer.from(text), Buffer.from(' ')]))).to.equal(name);
    });
});
