import { WorkerError } from '../../domain/errors';

type AwsError = Error & { readonly $metadata?: { readonly httpStatusCode?: number }; readonly $fault?: string };

const denied = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'KMSAccessDeniedException']);

/** An SDK error as one of ours: what is denied stays denied, everything else that AWS could not do may pass. */
export const translateAwsError = (error: unknown, what: string): WorkerError => {
  if (error instanceof WorkerError) return error;
  const { name, message } = error as AwsError;
  if (denied.has(name))
    return new WorkerError('PermissionDenied', `AWS denied to ${what}: ${message}`, 'Grant it to the role.', {
      cause: error,
    });
  return new WorkerError('AwsUnavailable', `AWS could not ${what}: ${name}: ${message}`, 'Try again later.', {
    cause: error,
  });
};
