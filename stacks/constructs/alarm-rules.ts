import { breakerMetric } from '../../lambdas/_kit/contract';
import type { EnvironmentStack } from '../environment-stack';
import type { AlarmRule } from './alarm';
import { metricsNamespace } from './task-variables';

const FIVE_MINUTES = 300;
const AN_HOUR = 3600;
const MISSED_POLLS = 3;

type World = Pick<EnvironmentStack, 'names' | 'arns' | 'environment'>;

/** `metric` is `<state><Outcome>`, as lambdas/_kit/lambda-handler.ts emits it, or one of lambdas/_kit's own. */
const sumOf = (metric: string, { environment }: World): AlarmRule['measured'] => ({
  query: `SELECT SUM(${metric}) FROM "${metricsNamespace}" WHERE Environment = '${environment.name}'`,
});

const atLeastOnce = {
  raise: { when: 'GreaterThanThreshold', threshold: 0 },
  periodSeconds: FIVE_MINUTES,
  periods: 1,
  silence: 'notBreaching',
} as const;

const itemRules = (world: World): readonly AlarmRule[] => [
  {
    what: 'dead-letters',
    description:
      'Items or ticks lie in the dead-letter queue. See them: kiro-worker dlq list. Mend the cause, then redrive.',
    measured: {
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: world.names.deadLetterQueue },
      statistic: 'Maximum',
    },
    ...atLeastOnce,
  },
  {
    what: 'failed-items',
    description: 'An item has failed. Its issue has a comment that says at which step, why, and what to do.',
    measured: sumOf('ReportFailureReported', world),
    ...atLeastOnce,
  },
  {
    what: 'unreported-failures',
    description:
      'An item has failed and its issue could not be told: look at its execution and at the log of report-failure.',
    measured: sumOf('ReportFailureFailed', world),
    ...atLeastOnce,
  },
];

const pollRules = ({ arns, environment }: World): readonly AlarmRule[] => [
  {
    what: 'poll-failures',
    description:
      'The board could not be read, retries included: the execution says why (a renamed field, a token, GitHub).',
    measured: {
      namespace: 'AWS/States',
      metric: 'ExecutionsFailed',
      dimensions: { StateMachineArn: arns.stateMachine },
      statistic: 'Sum',
    },
    ...atLeastOnce,
  },
  {
    what: 'poll-heartbeat',
    description: `No tick has read the board to its end for ${MISSED_POLLS} intervals. Is the schedule enabled? It is created disabled. Do ticks fail, is the rate limit used up, or does GitHub not answer? kiro-worker ticks says so.`,
    measured: {
      namespace: metricsNamespace,
      metric: 'PollWorkItemsSucceeded',
      dimensions: { Environment: environment.name },
      statistic: 'Sum',
    },
    raise: { when: 'LessThanThreshold', threshold: 1 },
    periodSeconds: environment.pollIntervalMinutes * 60,
    periods: MISSED_POLLS,
    silence: 'breaching',
  },
];

const creditRules = (world: World): readonly AlarmRule[] => [
  {
    what: 'breaker-opened',
    description:
      'Run after run has spent credits and finished no task: the circuit breaker has opened. See kiro-worker budget show and the comment on the issue; then: kiro-worker breaker close.',
    measured: sumOf(breakerMetric, world),
    ...atLeastOnce,
  },
  {
    what: 'stopped-ticks',
    description:
      'Items are ready, and the budget of the day or the circuit breaker keeps all of them from beginning. See: kiro-worker budget show.',
    measured: sumOf('PollWorkItemsStopped', world),
    ...atLeastOnce,
  },
];

const buildRules = ({ names }: World): readonly AlarmRule[] =>
  [names.gitProject, names.builderProject].map((project) => ({
    what: `long-build-${project === names.gitProject ? 'git' : 'builder'}`,
    description: `A build of ${project} took more than 60 minutes.`,
    measured: {
      namespace: 'AWS/CodeBuild',
      metric: 'Duration',
      dimensions: { ProjectName: project },
      statistic: 'Maximum',
    },
    raise: { when: 'GreaterThanThreshold', threshold: AN_HOUR },
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    silence: 'notBreaching',
  }));

/** Every alarm of an environment. */
export const alarmRules = (world: World): readonly AlarmRule[] => [
  ...itemRules(world),
  ...pollRules(world),
  ...creditRules(world),
  ...buildRules(world),
];
