import { AwsError } from '../aws/aws-error';
import type { RestService } from '../aws/service';
import type { Lambda } from './lambda';

const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Lambda's API as far as the product uses it: Invoke, synchronous or as a dry run. */
export const createLambdaApi = (lambda: Pick<Lambda, 'invoke' | 'check'>): RestService => ({
  service: 'lambda',
  handle: async ({ method, path, headers, body }) => {
    const [, encoded] = invokePath.exec(path) ?? [];
    if (method !== 'POST' || encoded === undefined)
      throw new AwsError('UnknownOperationException', `lambda does not answer ${method} ${path} here.`, 404);
    const reference = decodeURIComponent(encoded);
    const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'DryRun') {
      lambda.check(reference);
      return { status: 204, headers: {}, body: '' };
    }
    if (type !== 'RequestResponse')
      throw new AwsError('InvalidParameterValueException', `The invocation type ${type} is not emulated here.`);
    const text = body.toString('utf8') || '{}';
    try {
      JSON.parse(text);
    } catch (error) {
      throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${error}`);
    }
    const answer = await lambda.invoke(reference, text);
    return {
      status: 200,
      headers: {
        'x-amz-executed-version': answer.executedVersion,
        ...(answer.functionError ? { 'x-amz-function-error': answer.functionError } : {}),
      },
      body: answer.payload,
    };
  },
});
