import { type ErrorCode, errorCatalogue } from '../domain/errors';

export type RetryRule = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: 2;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
};

const rule = (
  errors: readonly string[],
  IntervalSeconds: number,
  MaxAttempts: number,
  MaxDelaySeconds: number,
): RetryRule => ({
  ErrorEquals: errors,
  IntervalSeconds,
  MaxAttempts,
  BackoffRate: 2,
  MaxDelaySeconds,
  JitterStrategy: 'FULL',
});

/** What AWS documents as transient for Lambda (Step Functions developer guide, "Handle transient Lambda service exceptions"). */
const lambdaService = rule(
  [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ],
  1,
  6,
  60,
);

/** GitHub's advice: wait at least a minute, then longer each time. */
const rateLimit = rule(['RateLimited'], 60, 5, 900);

/** A slot is free when a build has ended, which may take hours; the machine's own time limit must never come first. */
const freeSlot = rule(['NoFreeSlot'], 60, 20, 900);

/** Errors with a rhythm of their own. */
const special: Partial<Record<ErrorCode, RetryRule>> = { RateLimited: rateLimit, NoFreeSlot: freeSlot };

/** The transient errors that a task declares, plus those of Lambda itself. Everything else fails at once. */
export const taskRetries = (errors: readonly ErrorCode[]): readonly RetryRule[] => {
  const passing = errors.filter((code) => errorCatalogue[code].retryable && !special[code]);
  return [
    lambdaService,
    ...(passing.length > 0 ? [rule(passing, 2, 4, 60)] : []),
    ...errors.flatMap((code) => special[code] ?? []),
  ];
};

/** Only starting a build is retried, never a build: `startBuild.sync` reports every unsuccessful build as States.TaskFailed. */
export const buildRetries: readonly RetryRule[] = [
  rule(['CodeBuild.AccountLimitExceededException'], 30, 10, 300),
  rule(['CodeBuild.ThrottlingException', 'CodeBuild.SdkClientException'], 2, 6, 60),
];

export const queueRetries: readonly RetryRule[] = [
  rule(['SQS.SdkClientException', 'SQS.AmazonSQSException', 'SQS.RequestThrottled'], 1, 6, 60),
];
