import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from './aws-error';

const MAX_HEADER = 1024;

const parseTrailers = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split('\r\n')
      .map((line) => line.split(':'))
      .filter(([name, value]) => name && value !== undefined)
      .map(([name = '', ...value]) => [name.toLowerCase().trim(), value.join(':').trim()]),
  );

/**
 * Takes the framing off an `aws-chunked` body: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n` … `0\r\n` and trailers (S3 user guide, "Signature
 * calculations for trailing headers"). Only the bytes come out; `onTrailers` hears of the trailing headers at the end.
 */
export const decodeAwsChunked = (
  onTrailers: (trailers: Readonly<Record<string, string>>) => void = () => undefined,
): Transform => {
  let pending: Buffer = Buffer.alloc(0);
  let left = 0;
  let phase: 'header' | 'bytes' | 'end-of-chunk' | 'trailers' = 'header';

  const step = (push: (bytes: Buffer) => void): boolean => {
    if (phase === 'trailers') {
      if (pending.length > MAX_HEADER) throw new AwsError('InvalidRequest', 'The chunked body is malformed.');
      return false;
    }
    if (phase === 'bytes') {
      const take = pending.subarray(0, left);
      if (take.length > 0) push(take);
      left -= take.length;
      pending = pending.subarray(take.length);
      if (left > 0) return false;
      phase = 'end-of-chunk';
      return true;
    }
    if (phase === 'end-of-chunk') {
      if (pending.length < 2) return false;
      pending = pending.subarray(2);
      phase = 'header';
      return true;
    }
    const end = pending.indexOf('\r\n');
    if (end < 0) {
      if (pending.length > MAX_HEADER) throw new AwsError('InvalidRequest', 'The chunked body is malformed.');
      return false;
    }
    const size = /^([0-9a-fA-F]+)(?:;|$)/.exec(pending.subarray(0, end).toString('latin1'))?.[1];
    if (size === undefined) throw new AwsError('InvalidRequest', 'The chunked body is malformed.');
    left = Number.parseInt(size, 16);
    pending = pending.subarray(end + 2);
    phase = left === 0 ? 'trailers' : 'bytes';
    return true;
  };

  return new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      try {
        pending = Buffer.concat([pending, chunk]);
        while (step((bytes) => this.push(bytes)));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      if (phase !== 'trailers') return done(new AwsError('IncompleteBody', 'The chunked body ended too early.'));
      onTrailers(parseTrailers(pending.toString('latin1')));
      done();
    },
  });
};
