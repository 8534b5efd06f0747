import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionLife } from '../../domain/lock-row';

const running = new Set(['RUNNING', 'PENDING_REDRIVE']);

/**
 * Asks Step Functions whether an execution still runs. One that does not exist (any more: histories are kept for 90 days) has ended. If it cannot be
 * asked, the answer is `unknown`, and nobody may take anything from it.
 */
export const stepFunctionsExecutionLife =
  ({ client }: { readonly client: Pick<SFNClient, 'send'> }) =>
  async (executionArn: string): Promise<ExecutionLife> => {
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return running.has(status ?? 'RUNNING') ? 'running' : 'ended';
    } catch (error) {
      return (error as Error).name === 'ExecutionDoesNotExist' ? 'ended' : 'unknown';
    }
  };
