import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws/aws-error';
import type { Outcome } from './execution-environment';
import { findVersion } from './find-version';
import { createFunctionPools, functionLogFile, type PoolsDeps, type PoolsOptions } from './function-pools';
import type { FunctionVersions } from './function-versions';

/** What an invocation gives. `payload` is JSON: the output, or the serialised error when there is a function error. */
export type InvokeAnswer = {
  readonly executedVersion: string;
  readonly functionError: 'Unhandled' | undefined;
  readonly payload: string;
  readonly requestId: string;
};

export type Lambda = {
  /** `reference` is a qualified ARN, or `name:version`. Throws AWS's exceptions by name; a failing function is an answer. */
  readonly invoke: (reference: string, payload: string) => Promise<InvokeAnswer>;
  /** Starts a process for each version ahead of its first invocation, in the background. */
  readonly warm: (references: readonly string[]) => void;
  /** Throws what `invoke` would throw before it begins. */
  readonly check: (reference: string) => void;
  readonly logFile: (functionName: string) => string;
  readonly close: () => Promise<void>;
};

/** Lambda's limit for request and response. */
const MOST_BYTES = 6 * 1024 * 1024;

const checkRequest = (payload: string): void => {
  if (Buffer.byteLength(payload) > MOST_BYTES)
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${MOST_BYTES} bytes for the InvokeFunction operation`,
      413,
    );
};

const checkResponse = (outcome: Outcome): Outcome => {
  if ('error' in outcome || Buffer.byteLength(outcome.output) <= MOST_BYTES) return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MOST_BYTES} bytes).`;
  return { error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
};

/** Lambda on one machine: versions only, each in processes of its own. */
export const createLambda = (
  options: PoolsOptions,
  { versions, ...deps }: PoolsDeps & { readonly versions: FunctionVersions },
): Lambda => {
  const pools = createFunctionPools(options, deps);
  return {
    invoke: async (reference, payload) => {
      const found = findVersion(reference, versions);
      checkRequest(payload);
      const requestId = randomUUID();
      const invocation = { requestId, event: payload, arn: reference };
      const outcome = checkResponse(
        await pools.of(found).use((environment) => environment.invoke(invocation, found.version.timeoutSeconds)),
      );
      const isFailure = 'error' in outcome;
      return {
        executedVersion: found.number,
        requestId,
        functionError: isFailure ? 'Unhandled' : undefined,
        payload: isFailure ? JSON.stringify(outcome.error) : outcome.output,
      };
    },
    warm: (references) => {
      // Using an environment for nothing starts it; one that cannot start says so when it is invoked.
      for (const reference of references)
        void pools
          .of(findVersion(reference, versions))
          .use(async () => undefined)
          .catch(() => undefined);
    },
    check: (reference) => {
      findVersion(reference, versions);
    },
    logFile: (name) => functionLogFile(options.folder, name),
    close: pools.close,
  };
};
