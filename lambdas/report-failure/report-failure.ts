import type { BoardStatus } from '../../domain/board-settings';
import { type BuildError, buildErrorSchema } from '../../domain/build-result';
import { type ClassifiedFailure, classifyFailure } from '../../domain/classify-failure';
import { hasCode } from '../../domain/errors';
import { failedStepKey } from '../../domain/failed-step-key';
import type { Lease } from '../../domain/lease';
import { codeBlock, codeSpan, cutText, fewLines, fitBody, inlineText } from '../../domain/markdown';
import { parseArtifact } from '../../domain/parse-artifact';
import { redactDeep } from '../../domain/redact-deep';
import type { Task, TaskInput } from '../_kit/contract';
import type { reportFailureContract } from './contract';

type Deps = {
  readonly locks: { readonly isCurrent: (lease: Lease) => Promise<boolean> };
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly board: { readonly write: (itemId: string, status: BoardStatus) => Promise<unknown> };
  readonly artifactsBucket: string;
  /** What `kiro-worker` needs to be about this environment; nothing on one machine. */
  readonly commandOption: string;
  readonly redact: (text: string) => string;
};

type Input = TaskInput<typeof reportFailureContract>;
type Explained = ClassifiedFailure & { readonly logs: readonly string[] };

/** What travels in state must stay small. */
const MESSAGE_LIMIT = 1_000;
/** What to do stands below the message, and must not be cut off with it. */
const COMMENT_LIMIT = 8_000;

/** What the failing program wrote down itself; null when it left nothing that can be read. */
const readOwnWords = async ({ executionName, failure }: Input, { artifacts }: Deps): Promise<BuildError | null> => {
  const key = failedStepKey(executionName, failure.step);
  if (!key) return null;
  try {
    return parseArtifact(await artifacts.readText(key), key, buildErrorSchema);
  } catch (error) {
    if (hasCode(error, 'ResultMissing', 'ResultInvalid')) return null;
    throw error;
  }
};

/** The program's own words are more telling than what Step Functions saw of it. */
const explain = async (input: Input, deps: Deps): Promise<Explained> => {
  const own = await readOwnWords(input, deps);
  const explained = own
    ? { code: own.code, message: own.message, remedy: own.remedy, logs: own.logs.map(({ key }) => key) }
    : { ...classifyFailure(input.failure), logs: [] };
  return redactDeep(explained, deps.redact);
};

export const failureMarker = (itemId: string): string => `<!-- kiro-codebuild-worker:failure:${itemId} -->`;

const commentOf = (
  input: Input,
  { code, message, remedy, logs }: Explained,
  { artifactsBucket: bucket, commandOption }: Deps,
): string =>
  fitBody(
    [
      failureMarker(input.item.itemId),
      `**The work on this item failed** in the step ${inlineText(input.failure.step)}.`,
      '',
      codeBlock(`${code}: ${cutText(message, COMMENT_LIMIT)}`),
      ...(remedy ? ['', `**What to do:** ${inlineText(remedy)}`] : []),
      '',
      `- Execution ${codeSpan(input.executionArn)}`,
      `- Files and logs: ${codeSpan(`s3://${bucket}/builds/${input.executionName}/`)}`,
      ...fewLines(
        logs.map((log) => `- Log: ${codeSpan(`s3://${bucket}/${log}`)}`),
        20,
        (left) => `- and ${left} more`,
      ),
      '',
      `Once the cause is mended, it starts again with \`kiro-worker dlq redrive ${input.executionName}${commandOption}\`, or when the item is moved back to the ready column.`,
    ].join('\n'),
    codeSpan(`s3://${bucket}/builds/${input.executionName}/`),
  );

/** Tells people what happened; see the contract. */
export const reportFailure: Task<typeof reportFailureContract, Deps> = async (input, deps) => {
  const { item, lease } = input;
  const explained = await explain(input, deps);
  const code = cutText(explained.code, 256);
  const message = cutText(explained.message, MESSAGE_LIMIT);
  if (input.dryRun) return { outcome: 'dry-run', code, message };
  const comment = commentOf(input, explained, deps);
  const writes = [
    () => deps.comments.put(item.issueId, failureMarker(item.itemId), comment),
    () => deps.board.write(item.itemId, 'needsAttention'),
  ];
  for (const write of writes) {
    if (!(await deps.locks.isCurrent(lease))) return { outcome: 'lease-lost', code, message };
    await write();
  }
  return { outcome: 'reported', code, message };
};
