import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error';

/** The largest request of any JSON service here. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The whole body. One that is too large is read to its end all the same, and thrown away: else the sender never sees the answer. */
export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  if (size > MOST_BYTES) throw new AwsError('RequestEntityTooLarge', 'The request is too large.', 413);
  return Buffer.concat(chunks);
};
