import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { taskContracts } from '../lambdas/registry';
import { Alarm } from './constructs/alarm';
import { alarmRules } from './constructs/alarm-rules';
import { AlertTopic } from './constructs/alert-topic';
import { OperationsDashboard } from './constructs/operations-dashboard';
import { EnvironmentStack } from './environment-stack';

/** Who is told when something is wrong. */
export class MonitoringStack extends EnvironmentStack<'monitoring'> {
  private readonly topic = new AlertTopic(this, 'topic', { keyArn: this.upstream('core')('key_arn') });
  private readonly dashboard = new OperationsDashboard(this, 'dashboard', {
    tasks: taskContracts.map(({ name }) => name),
  });

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'monitoring', environment);
    for (const rule of alarmRules(this)) new Alarm(this, rule.what, rule, this.topic.arn);
    this.exports({ topic_arn: this.topic.arn, dashboard: this.dashboard.name });
  }
}
