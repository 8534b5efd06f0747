import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { translateAwsError } from './translate-aws-error';

export type StartExecution = (start: {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: object;
}) => Promise<'started' | 'already-started'>;

/** Starts under a name of the caller, so that doing it again starts nothing. Throws PermissionDenied or AwsUnavailable. */
export const startExecution =
  ({ client }: { readonly client: Pick<SFNClient, 'send'> }): StartExecution =>
  async ({ stateMachineArn, name, input }) => {
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'already-started';
      throw translateAwsError(error, `start ${stateMachineArn}`);
    }
  };
