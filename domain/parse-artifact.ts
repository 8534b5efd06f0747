import type * as z from 'zod';
import { WorkerError } from './errors';

const LOOK = 'Look at the log of the build.';

/**
 * Reads one of the JSON files that builds and gate leave in the artifacts bucket. `text` is null when it is not there. Throws ResultMissing or
 * ResultInvalid, which name the file and its first wrong field.
 */
export const parseArtifact = <T>(text: string | null, key: string, schema: z.ZodType<T>): T => {
  if (text === null) throw new WorkerError('ResultMissing', `There is no ${key} in the artifacts bucket.`, LOOK);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WorkerError('ResultInvalid', `${key} is not JSON.`, LOOK, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new WorkerError(
    'ResultInvalid',
    `${key} is not what it should be, at ${issue?.path.map(String).join('.') || 'its root'}: ${issue?.message}.`,
    'Worker and pipeline may be of different releases: deploy again.',
  );
};
