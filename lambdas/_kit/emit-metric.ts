import type { TaskEnvironment } from './env';

type Dimensions = Pick<TaskEnvironment, 'ENVIRONMENT' | 'RELEASE' | 'POWERTOOLS_METRICS_NAMESPACE'>;

/** How much of what, by name: `PollWorkItemsIdle` 1. */
export type Metrics = Readonly<Record<string, number>>;

/** Where a function's metrics go. console.log would put words before the JSON. */
export const toLog = { now: () => new Date(), write: (line: string): void => void process.stdout.write(line) };

/** Of every metric: releases are told apart. */
export const perRelease = [['Environment', 'Release']] as const;

/**
 * Of metrics that an alarm must follow over every release for longer than three hours, which is as far as the query of an alarm may look back
 * (CloudWatch, limits of alarms).
 */
export const overReleases = [['Environment', 'Release'], ['Environment']] as const;

/**
 * Emits metrics in CloudWatch's embedded metric format: a line of the log that CloudWatch makes metrics of. The dimensions are exactly those that are given;
 * a library's own dimension beside them would make every alarm on them see nothing.
 */
export const emitMetrics = (
  metrics: Metrics,
  dimensions: readonly (readonly ('Environment' | 'Release')[])[],
  { ENVIRONMENT, RELEASE, POWERTOOLS_METRICS_NAMESPACE }: Dimensions,
  { now, write }: { readonly now: () => Date; readonly write: (line: string) => void },
): void => {
  const line = {
    _aws: {
      Timestamp: now().getTime(),
      CloudWatchMetrics: [
        {
          Namespace: POWERTOOLS_METRICS_NAMESPACE,
          Dimensions: dimensions,
          Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    Environment: ENVIRONMENT,
    Release: RELEASE,
    ...metrics,
  };
  write(`${JSON.stringify(line)}\n`);
};
