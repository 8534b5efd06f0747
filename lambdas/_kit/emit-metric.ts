import type { TaskEnvironment } from './env';

type Dimensions = Pick<TaskEnvironment, 'ENVIRONMENT' | 'RELEASE' | 'POWERTOOLS_METRICS_NAMESPACE'>;

/**
 * Counts one `name` in CloudWatch's embedded metric format: a line of the log that CloudWatch makes a metric of. The dimensions are exactly Environment and
 * Release; a library's own dimension beside them would make every alarm on these two see nothing.
 */
export const emitMetric = (
  name: string,
  { ENVIRONMENT, RELEASE, POWERTOOLS_METRICS_NAMESPACE }: Dimensions,
  { now, write }: { readonly now: () => Date; readonly write: (line: string) => void },
): void => {
  const line = {
    _aws: {
      Timestamp: now().getTime(),
      CloudWatchMetrics: [
        {
          Namespace: POWERTOOLS_METRICS_NAMESPACE,
          Dimensions: [['Environment', 'Release']],
          Metrics: [{ Name: name, Unit: 'Count' }],
        },
      ],
    },
    Environment: ENVIRONMENT,
    Release: RELEASE,
    [name]: 1,
  };
  write(`${JSON.stringify(line)}\n`);
};
