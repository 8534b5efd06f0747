import type * as z from 'zod';
import type { ErrorCode } from '../../domain/errors';

/**
 * What a task may touch. The stacks turn each need into the variables that the function gets and the permissions of its role,
 * so that adding a task needs no stack edit; `environmentOf` in _kit/env.ts reads the same variables.
 */
export type TaskNeed =
  | 'locks:read-write'
  | 'artifacts:read'
  | 'artifacts:write-receipts'
  | 'artifacts:write-verdicts'
  | 'artifacts:write-previews'
  | 'board-settings'
  | 'credit-budget'
  | 'github-token'
  | 'dead-letter-queue:send'
  | 'executions:describe';

/** A task of the pipeline as everybody but its own logic sees it. Errors that it may raise are codes of the catalogue. */
export type TaskContract<I = unknown, O = unknown> = {
  /** kebab-case: the folder and, after `kiro-worker-{env}-`, the function. */
  readonly name: string;
  /** The state of the state machine that calls it. */
  readonly state: string;
  readonly purpose: string;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  readonly errors: readonly ErrorCode[];
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly needs: readonly TaskNeed[];
};

/** What a call of AWS may raise, and no retry of ours has mended. */
export const awsErrors = ['PermissionDenied', 'NotFound', 'AwsUnavailable'] as const satisfies readonly ErrorCode[];

/** What a task may raise that reads settings and token, and writes to issue and board. */
export const githubErrors = [
  ...awsErrors,
  'BoardMisconfigured',
  'AuthenticationFailed',
  'SecretMissing',
  'RateLimited',
  'GitHubUnavailable',
  'BoardWriteNotVisible',
] as const satisfies readonly ErrorCode[];

export const defineTask = <I, O>(contract: TaskContract<I, O>): TaskContract<I, O> => contract;

export type TaskInput<C> = C extends TaskContract<infer I, unknown> ? I : never;
export type TaskOutput<C> = C extends TaskContract<unknown, infer O> ? O : never;

/** The logic of a task: input in, output out, everything else through `deps`. */
export type Task<C, Deps> = (input: TaskInput<C>, deps: Deps) => Promise<TaskOutput<C>>;

/** Variables that every function gets from the stack. */
export const baseVariables = [
  'ENVIRONMENT',
  'RELEASE',
  'COVERAGE_THRESHOLD',
  'MAX_CONCURRENT_ITEMS',
  'AWS_ACCOUNT_ID',
  'GITHUB_API_URL',
  'GITHUB_SERVER_URL',
  'POWERTOOLS_SERVICE_NAME',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_LOG_LEVEL',
] as const;

/** The variable that hands a need's resource to the function. */
export const needVariables = {
  'locks:read-write': 'LOCKS_TABLE',
  'artifacts:read': 'ARTIFACTS_BUCKET',
  'artifacts:write-receipts': 'ARTIFACTS_BUCKET',
  'artifacts:write-verdicts': 'ARTIFACTS_BUCKET',
  'artifacts:write-previews': 'ARTIFACTS_BUCKET',
  'board-settings': 'BOARD_SETTINGS_PARAMETER',
  'credit-budget': 'CREDIT_BUDGET_PARAMETER',
  'github-token': 'GITHUB_TOKEN_SECRET',
  'dead-letter-queue:send': 'DEAD_LETTER_QUEUE_URL',
  'executions:describe': null,
} as const satisfies Record<TaskNeed, string | null>;

/** One metric per task and outcome: an idle, a refused and a failed tick are different lines in every chart. */
export const metricOf = ({ state }: Pick<TaskContract, 'state'>, outcome: string): string =>
  state + outcome.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

/** Counted whenever an account is settled that opens the circuit breaker, whichever task settles it, and whatever becomes of that task afterwards. The alarm follows it. */
export const breakerMetric = 'CircuitBreakerOpened';
