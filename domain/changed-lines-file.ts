import * as z from 'zod';
import { type ChangedLines, changedFileSchema } from './changed-lines';
import { WorkerError } from './errors';

const headSchema = z.strictObject({
  version: z.literal(2),
  from: z.string(),
  to: z.string(),
  beyond: z.string().nullable(),
});
const pathsSchema = z.array(z.string());
const PATHS_A_LINE = 1_000;
/** The longest line that is written: a thousand paths, or one file with all ranges that there may be. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** The lines of the file: a head, one for each changed file, then the paths of the repository by the thousand. No line needs the others in memory. */
export function* changedLinesFile({ from, to, beyond, files, repositoryFiles }: ChangedLines): Generator<string> {
  yield `${JSON.stringify({ version: 2, from, to, beyond })}\n`;
  for (const file of files) yield `${JSON.stringify(file)}\n`;
  for (let at = 0; at < repositoryFiles.length; at += PATHS_A_LINE)
    yield `${JSON.stringify(repositoryFiles.slice(at, at + PATHS_A_LINE))}\n`;
}

const invalid = (key: string, what: string): WorkerError =>
  new WorkerError('ResultInvalid', `${key} cannot be used: ${what}.`, 'Look at the log of the build.');

/** Whole lines of text. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk); // a copy: the piece may be used again
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      yield Buffer.concat([...parts, bytes.subarray(at, end)]).toString('utf8');
      [parts, length, at] = [[], 0, end + 1];
    }
    if (at < bytes.length) parts.push(bytes.subarray(at));
    length += bytes.length - at;
    if (length > LONGEST_LINE) throw invalid(key, `one of its lines has more than ${LONGEST_LINE} bytes`);
  }
  if (length > 0) throw invalid(key, 'its last line is cut off');
}

const problemOf = (error: unknown): string =>
  error instanceof z.ZodError ? (error.issues[0]?.message ?? 'it has another form') : (error as Error).message;

/** Reads the file as it comes. @throws ResultInvalid, which says what is wrong in which line; what `chunks` throws */
export const readChangedLinesFile = async (chunks: AsyncIterable<Uint8Array>, key: string): Promise<ChangedLines> => {
  const files: z.infer<typeof changedFileSchema>[] = [];
  const repositoryFiles: string[] = [];
  let head: z.infer<typeof headSchema> | undefined;
  const take = (value: unknown): void => {
    if (!head) head = headSchema.parse(value);
    else if (Array.isArray(value)) for (const path of pathsSchema.parse(value)) repositoryFiles.push(path);
    else files.push(changedFileSchema.parse(value));
  };
  let line = 0;
  for await (const text of linesOf(chunks, key)) {
    line += 1;
    try {
      take(JSON.parse(text));
    } catch (error) {
      throw invalid(key, `line ${line}: ${problemOf(error)}`);
    }
  }
  if (!head) throw invalid(key, 'it is empty');
  const { from, to, beyond } = head;
  return { from, to, beyond, files, repositoryFiles };
};
