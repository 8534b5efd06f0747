import { DescribeExecutionCommand, type ExecutionStatus, type SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionLife } from '../../domain/lock-row';

const lives: Readonly<Record<ExecutionStatus, ExecutionLife>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  ABORTED: 'died',
  TIMED_OUT: 'died',
};

/**
 * Asks Step Functions what has become of an execution. One that does not exist (any more: histories are kept for 90 days) has died. If it
 * cannot be asked, the answer is `unknown`.
 */
export const stepFunctionsExecutionLife =
  ({ client }: { readonly client: Pick<SFNClient, 'send'> }) =>
  async (executionArn: string): Promise<ExecutionLife> => {
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return status ? (lives[status] ?? 'unknown') : 'unknown';
    } catch (error) {
      return (error as Error).name === 'ExecutionDoesNotExist' ? 'died' : 'unknown';
    }
  };
