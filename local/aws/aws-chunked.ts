import { AwsError } from './aws-error';
import { createByteReader } from './byte-reader';

export type Trailers = Readonly<Record<string, string>>;

const MAX_HEADER = 1024;
const CRLF = 2;

const malformed = (): AwsError => new AwsError('InvalidRequest', 'The chunked body is malformed.');
const ended = (): AwsError => new AwsError('IncompleteBody', 'The chunked body ended too early.');

const parseTrailers = (text: string): Trailers =>
  Object.fromEntries(
    text
      .split('\r\n')
      .map((line) => line.split(':'))
      .filter(([name, value]) => name && value !== undefined)
      .map(([name = '', ...value]) => [name.toLowerCase().trim(), value.join(':').trim()]),
  );

const parseSize = (header: string): number => {
  const size = /^([0-9a-fA-F]{1,12})(?:;|$)/.exec(header)?.[1];
  if (size === undefined) throw malformed();
  return Number.parseInt(size, 16);
};

/**
 * Takes the framing off an `aws-chunked` body: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n` … `0\r\n` and trailers (S3 user guide, "Signature
 * calculations for trailing headers"). Gives only the bytes; `onTrailers` hears of the trailing headers at the end.
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Buffer>,
  onTrailers: (trailers: Trailers) => void,
): AsyncGenerator<Buffer> {
  const input = createByteReader(body, { tooLong: malformed, ended });
  for (let size = parseSize(await input.line(MAX_HEADER)); size > 0; size = parseSize(await input.line(MAX_HEADER))) {
    yield* input.bytes(size);
    if ((await input.line(CRLF)) !== '') throw malformed();
  }
  onTrailers(parseTrailers(await input.rest(MAX_HEADER)));
}
