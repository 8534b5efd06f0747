import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ListExecutionsCommand,
  ListMapRunsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { translateAwsError } from './translate-aws-error';

/** One execution of an item, as Step Functions tells of it. */
export type ItemExecution = {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly itemId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What it ended with: `green`, `red`, `skipped`; null while it runs and when it failed. */
  readonly outcome: string | null;
  /** Why it was skipped or failed: a word and a sentence; empty when there is nothing to say. */
  readonly reason: string;
  readonly message: string;
};

export type ItemExecutions = {
  /** Null: Step Functions does not know it (any more). */
  readonly describe: (executionArn: string) => Promise<ItemExecution | null>;
  /** ARNs of the item executions that a tick has started. */
  readonly startedBy: (tickArn: string) => Promise<readonly string[]>;
};

const parse = (text: string | undefined): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const executionOf = (answer: DescribeExecutionOutput): ItemExecution => {
  const { item } = parse(answer.input);
  const output = parse(answer.output);
  const cause = parse(answer.cause);
  const hasFailed = answer.error !== undefined;
  return {
    executionArn: answer.executionArn ?? '',
    name: answer.name ?? '',
    status: answer.status ?? 'UNKNOWN',
    itemId: wordOf((item as { itemId?: unknown } | undefined)?.itemId) || null,
    startedAt: answer.startDate?.toISOString() ?? null,
    endedAt: answer.stopDate?.toISOString() ?? null,
    outcome: wordOf(output.outcome) || null,
    reason: hasFailed ? wordOf(answer.error) : wordOf(output.reason),
    message: hasFailed ? wordOf(cause.errorMessage) || wordOf(answer.cause) : wordOf(output.summary),
  };
};

export const itemExecutions = ({ client }: { readonly client: Pick<SFNClient, 'send'> }): ItemExecutions => {
  const isUnknown = (error: unknown): boolean => (error as Error).name === 'ExecutionDoesNotExist';
  return {
    describe: async (executionArn) => {
      try {
        return executionOf(await client.send(new DescribeExecutionCommand({ executionArn })));
      } catch (error) {
        if (isUnknown(error)) return null;
        throw translateAwsError(error, `describe the execution ${executionArn}`);
      }
    },
    startedBy: async (executionArn) => {
      try {
        const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
        const lists = mapRuns.map(({ mapRunArn }) => client.send(new ListExecutionsCommand({ mapRunArn })));
        return (await Promise.all(lists)).flatMap(({ executions = [] }) =>
          executions.flatMap((execution) => execution.executionArn ?? []),
        );
      } catch (error) {
        if (isUnknown(error)) return [];
        throw translateAwsError(error, `list what ${executionArn} has started`);
      }
    },
  };
};
