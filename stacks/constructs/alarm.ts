import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';

type Measured =
  | {
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly statistic: 'Sum' | 'Maximum';
    }
  /** A CloudWatch Metrics Insights query: over every release, which is a dimension of our own metrics. */
  | { readonly query: string };

export type AlarmRule = {
  readonly what: string;
  /** What has happened and what to do, for whoever gets the mail. */
  readonly description: string;
  readonly measured: Measured;
  readonly raise: { readonly when: 'GreaterThanThreshold' | 'LessThanThreshold'; readonly threshold: number };
  readonly periodSeconds: number;
  readonly periods: number;
  /** What silence means. */
  readonly silence: 'notBreaching' | 'breaching';
};

/** An alarm that tells the topic when it begins and when it is over. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, rule: AlarmRule, topicArn: string) {
    super(scope, id);
    const { measured, raise, periodSeconds } = rule;
    new CloudwatchMetricAlarm(this, 'alarm', {
      alarmName: environmentStackOf(this).names.alarm(rule.what),
      alarmDescription: rule.description,
      comparisonOperator: raise.when,
      threshold: raise.threshold,
      evaluationPeriods: rule.periods,
      treatMissingData: rule.silence,
      actionsEnabled: true,
      alarmActions: [topicArn],
      okActions: [topicArn],
      ...('query' in measured
        ? { metricQuery: [{ id: 'q1', expression: measured.query, period: periodSeconds, returnData: true }] }
        : {
            namespace: measured.namespace,
            metricName: measured.metric,
            dimensions: { ...measured.dimensions },
            statistic: measured.statistic,
            period: periodSeconds,
          }),
    });
  }
}
