import * as z from 'zod';
import type { Lambda } from '../lambda/lambda';
import { sdkMetadata } from './sdk-metadata';
import { serviceFailure, taskFailure, unsupported } from './service-failure';

const schema = z.strictObject({ FunctionName: z.string(), Payload: z.unknown().optional() });
const names = { prefix: 'Lambda', service: 'AWSLambda', unmodelled: 'AWSLambdaException' };

/** What a function that failed gives: the error's own name is the task's, and all of it the cause. */
const functionFailure = (payload: string): Error => {
  const { errorType } = JSON.parse(payload) as { readonly errorType?: string };
  return taskFailure(errorType || 'Lambda.Unknown', payload);
};

/** `lambda:invoke` (Step Functions developer guide, "Invoke an AWS Lambda function with Step Functions"). */
export const invokeFunction = async (given: unknown, lambda: Pick<Lambda, 'invoke'>): Promise<unknown> => {
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw unsupported(z.prettifyError(parsed.error));
  const { FunctionName, Payload } = parsed.data;
  const answer = await lambda.invoke(FunctionName, JSON.stringify(Payload ?? {})).catch((error: unknown) => {
    throw serviceFailure(error, names);
  });
  if (answer.functionError) throw functionFailure(answer.payload);
  return {
    ExecutedVersion: answer.executedVersion,
    Payload: JSON.parse(answer.payload) as unknown,
    ...sdkMetadata(answer.requestId, answer.payload, 'application/json'),
    StatusCode: 200,
  };
};
