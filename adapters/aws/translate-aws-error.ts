import { WorkerError } from '../../domain/errors';

const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'KMSAccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationErrorException',
]);

/** What is not there now will not be there in a second: trying again does not help. */
const missing = new Set([
  'NoSuchBucket',
  'ParameterNotFound',
  'QueueDoesNotExist',
  'ResourceNotFoundException',
  'StateMachineDoesNotExist',
]);

/** What a person's own machine may lack; in AWS both are always there. */
const remedyOf = ({ name, message }: Error): string => {
  if (message === 'Region is missing') return 'Say which region is meant: set AWS_REGION.';
  return name === 'CredentialsProviderError' ? 'Sign in to AWS, or set AWS_PROFILE.' : 'Try again later.';
};

/** An SDK error as one of ours: what is denied or missing stays so, everything else that AWS could not do may pass. */
export const translateAwsError = (error: unknown, what: string): WorkerError => {
  if (error instanceof WorkerError) return error;
  const { name, message } = error as Error;
  if (denied.has(name))
    return new WorkerError('PermissionDenied', `AWS denied to ${what}: ${message}`, 'Grant it to the role.', {
      cause: error,
    });
  if (missing.has(name))
    return new WorkerError('NotFound', `AWS could not ${what}: ${name}: ${message}`, 'Deploy the stacks again.', {
      cause: error,
    });
  const remedy = remedyOf(error as Error);
  return new WorkerError('AwsUnavailable', `AWS could not ${what}: ${name}: ${message}`, remedy, { cause: error });
};
