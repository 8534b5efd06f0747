import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Refusal } from './branch-rules';
import { type GitRun, runGitService } from './git-service';
import { readPktLines } from './pkt-line';
import { parsePushCommands, reportRefusals, writePushCommands } from './push-commands';

/** Reads up to the end of the push's commands; the pack follows. */
const readCommands = async (input: AsyncIterator<Buffer>) => {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const { lines, isComplete, rest } = readPktLines(bytes);
    const next = isComplete ? undefined : await input.next();
    if (next === undefined || next.done) return { push: parsePushCommands(lines), rest };
    bytes = Buffer.concat([bytes, next.value]);
  }
};

async function* chain(head: readonly Buffer[], tail: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  for (let next = await tail.next(); !next.done; next = await tail.next()) yield next.value;
}

const drain = async (input: AsyncIterator<Buffer>): Promise<void> => {
  for (let next = await input.next(); !next.done; next = await input.next());
};

/**
 * A push of which the commands that `refuse` names never reach git. The others go on, unless the push is atomic.
 * Done here and not by a hook because only so can the refusal have GitHub's words.
 */
export const runGuardedPush = async (
  run: GitRun,
  refuse: (ref: string) => Refusal | null,
  deps: { readonly searchPath: string },
): Promise<void> => {
  const input = run.input[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const { push, rest } = await readCommands(input);
  const refused = new Map(push.commands.map(({ ref }) => [ref, refuse(ref)]));
  const isSpoilt = /\batomic\b/.test(push.capabilities) && [...refused.values()].some((refusal) => refusal !== null);
  const allowed = isSpoilt ? [] : push.commands.filter(({ ref }) => !refused.get(ref));
  const refusals = push.commands
    .filter((command) => !allowed.includes(command))
    .map(({ ref }) => ({ ref, ...(refused.get(ref) ?? { reason: 'atomic transaction failed', words: [] }) }));
  const head = [writePushCommands({ ...push, commands: allowed }), rest];
  if (refusals.length === 0) {
    await runGitService({ ...run, input: Readable.from(chain(head, input)) }, deps);
    return;
  }
  let answer: Buffer | null = null;
  if (allowed.length > 0) {
    const output = new PassThrough();
    const collected = buffer(output);
    await runGitService({ ...run, input: Readable.from(chain(head, input)), output }, deps);
    answer = await collected;
  } else await drain(input);
  run.output.end(reportRefusals(answer, refusals, push.capabilities));
};
