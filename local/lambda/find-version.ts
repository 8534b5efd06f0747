import { AwsError } from '../aws/aws-error';
import type { FunctionVersion, FunctionVersions } from './function-versions';

const referencePattern =
  /^(?:arn:aws:lambda:[a-z0-9-]+:\d{12}:function:)?([A-Za-z0-9_-]{1,64})(?::([A-Za-z0-9$_-]+))?$/;

export type FoundVersion = { readonly version: FunctionVersion; readonly number: string };

/** The version that a qualified ARN or `name:version` means. Throws AWS's exceptions by name. */
export const findVersion = (reference: string, versions: FunctionVersions): FoundVersion => {
  const [, name, number = ''] = referencePattern.exec(reference) ?? [];
  if (!name)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${reference}' at 'functionName' failed to satisfy constraint`,
    );
  if (number === '' && versions.has(name))
    throw new AwsError(
      'InvalidParameterValueException',
      `Only versions can be invoked here: ${name} has no $LATEST on this machine. Use a qualified ARN.`,
    );
  const version = versions.find(name, number);
  if (!version) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
  return { version, number };
};
