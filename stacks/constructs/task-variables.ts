import type { Environment } from '../../config/schema';
import { type baseVariables, needVariables, type TaskContract, type TaskNeed } from '../../lambdas/_kit/contract';
import type { EnvironmentStack } from '../environment-stack';
import { releasePlaceholder } from '../release';

/** The namespace of every metric of the tasks. */
export const metricsNamespace = 'KiroWorker';

type BaseVariables = Readonly<Record<(typeof baseVariables)[number], string>>;

const baseOf = (contract: TaskContract, environment: Environment): BaseVariables => ({
  ENVIRONMENT: environment.name,
  RELEASE: releasePlaceholder,
  COVERAGE_THRESHOLD: String(environment.coverageThreshold),
  MAX_CONCURRENT_ITEMS: String(environment.maxConcurrentItems),
  AWS_ACCOUNT_ID: environment.account,
  GITHUB_API_URL: environment.githubApiUrl,
  GITHUB_SERVER_URL: environment.githubServerUrl,
  POWERTOOLS_SERVICE_NAME: contract.name,
  POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
  POWERTOOLS_LOG_LEVEL: 'INFO',
});

/** Exactly the variables that the task's needs call for. */
export const taskVariables = (
  contract: TaskContract,
  { names, environment }: Pick<EnvironmentStack, 'names' | 'environment'>,
  deadLetterQueueUrl: string,
): Readonly<Record<string, string>> => {
  const values: Readonly<Record<TaskNeed, string>> = {
    'locks:read-write': names.locksTable,
    'artifacts:read': names.artifactsBucket,
    'artifacts:write-receipts': names.artifactsBucket,
    'artifacts:write-verdicts': names.artifactsBucket,
    'artifacts:write-previews': names.artifactsBucket,
    'board-settings': names.boardSettingsParameter,
    'credit-budget': names.creditBudgetParameter,
    'github-token': names.secret('github-token'),
    'dead-letter-queue:send': deadLetterQueueUrl,
    'executions:describe': '',
  };
  const needed = contract.needs.flatMap((need) => {
    const variable = needVariables[need];
    return variable ? [[variable, values[need]] as const] : [];
  });
  return { ...baseOf(contract, environment), ...Object.fromEntries(needed) };
};
