import { AwsError } from './aws-error';
import type { JsonService } from './service';

export type Operation = (input: unknown, role: string) => unknown;

/** A service from its operations. Any other operation fails loudly, by name. */
export const serviceOf = (
  name: string,
  protocol: Pick<JsonService, 'targetPrefix' | 'contentType'>,
  operations: Readonly<Record<string, Operation>>,
): JsonService => ({
  ...protocol,
  handle: async (operation, input, role) => {
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!run) throw new AwsError('UnknownOperationException', `${name} has no ${operation} here.`);
    return run(input, role);
  },
});
