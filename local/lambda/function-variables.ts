import type { FunctionVersion } from './function-versions';

/** What Lambda itself sets in an execution environment (Lambda developer guide, "Defined runtime environment variables"). */
export const lambdaVariables = (
  version: FunctionVersion,
  place: {
    readonly number: string;
    readonly region: string;
    readonly logStream: string;
    readonly taskRoot: string;
    readonly searchPath: string;
  },
): Readonly<Record<string, string>> => ({
  _HANDLER: version.handler,
  AWS_REGION: place.region,
  AWS_DEFAULT_REGION: place.region,
  AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
  AWS_LAMBDA_FUNCTION_NAME: version.name,
  AWS_LAMBDA_FUNCTION_VERSION: place.number,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memoryMegabytes),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${version.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
  LAMBDA_TASK_ROOT: place.taskRoot,
  LANG: 'en_US.UTF-8',
  PATH: place.searchPath,
  TZ: ':UTC',
});
