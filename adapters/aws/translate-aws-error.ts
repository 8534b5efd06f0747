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
  return new WorkerError('AwsUnavailable', `AWS could not ${what}: ${name}: ${message}`, 'Try again later.', {
    cause: error,
  });
};
