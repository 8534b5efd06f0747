import type { BoardStatus } from '../../domain/board-settings';
import { buildErrorSchema } from '../../domain/build-result';
import { type ClassifiedFailure, classifyFailure } from '../../domain/classify-failure';
import { failedStepKey } from '../../domain/failed-step-key';
import type { Lease } from '../../domain/lease';
import { codeBlock, fitBody, inlineText } from '../../domain/markdown';
import type { Task, TaskInput } from '../_kit/contract';
import type { reportFailureContract } from './contract';

type Deps = {
  readonly locks: { readonly isCurrent: (lease: Lease) => Promise<boolean> };
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly board: { readonly write: (itemId: string, status: BoardStatus) => Promise<void> };
  readonly artifactsBucket: string;
  readonly redact: (text: string) => string;
};

type Input = TaskInput<typeof reportFailureContract>;
type Explained = ClassifiedFailure & { readonly logs: readonly string[] };

/** What the failing program wrote down itself is more telling than what Step Functions saw of it. */
const explain = async ({ executionName, failure }: Input, { artifacts }: Deps): Promise<Explained> => {
  const key = failedStepKey(executionName, failure.step);
  const text = key ? await artifacts.readText(key) : null;
  const parsed = text === null ? null : buildErrorSchema.safeParse(parseJson(text));
  if (!parsed?.success) return { ...classifyFailure(failure), logs: [] };
  const { code, message, remedy, logs } = parsed.data;
  return { code, message, remedy, logs: logs.map((log) => log.key) };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

export const failureMarker = (itemId: string): string => `<!-- kiro-codebuild-worker:failure:${itemId} -->`;

const commentOf = (input: Input, { code, message, remedy, logs }: Explained, bucket: string): string =>
  fitBody(
    [
      failureMarker(input.item.itemId),
      `**The work on this item failed** in the step ${inlineText(input.failure.step)}.`,
      '',
      codeBlock(`${code}: ${message}`),
      ...(remedy ? ['', `**What to do:** ${inlineText(remedy)}`] : []),
      '',
      `- Execution \`${input.executionArn}\``,
      `- Files and logs: \`s3://${bucket}/builds/${input.executionName}/\``,
      ...logs.map((log) => `- Log: \`s3://${bucket}/${log}\``),
      '',
      'The item lies in the dead-letter queue with all of this. It starts again when it is redriven, or moved back to Ready.',
    ].join('\n'),
    `s3://${bucket}/builds/${input.executionName}/`,
  );

/** Tells people what happened; see the contract. */
export const reportFailure: Task<typeof reportFailureContract, Deps> = async (input, deps) => {
  const explained = await explain(input, deps);
  const code = explained.code;
  const message = deps.redact(explained.message);
  if (input.dryRun) return { outcome: 'dry-run', code, message };
  if (!(await deps.locks.isCurrent(input.lease))) return { outcome: 'lease-lost', code, message };
  const comment = deps.redact(commentOf(input, explained, deps.artifactsBucket));
  await deps.comments.put(input.item.issueId, failureMarker(input.item.itemId), comment);
  await deps.board.write(input.item.itemId, 'needsAttention');
  return { outcome: 'reported', code, message };
};
